package dev.caravan.cli;

import picocli.CommandLine;

/** Creates the commands; those that run the pipeline get the engine. */
final class EngineFactory implements CommandLine.IFactory {

  private final Engine engine;

  EngineFactory(Engine engine) {
    this.engine = engine;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    if (type == RunCommand.class) {
      return type.cast(new RunCommand(engine));
    }
    if (type == ServeCommand.class) {
      return type.cast(new ServeCommand(engine));
    }
    if (type == RoutesCommand.class) {
      return type.cast(new RoutesCommand(engine));
    }
    return CommandLine.defaultFactory().create(type);
  }
}
