package dev.caravan;

import dev.caravan.app.CamelEngine;
import dev.caravan.cli.CaravanCommand;

/** Entry point of the program. */
public final class Main {

  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    System.exit(CaravanCommand.execute(new CamelEngine(), args));
  }
}
