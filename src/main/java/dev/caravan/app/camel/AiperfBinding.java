package dev.caravan.app.camel;

import dev.caravan.pipeline.run.Attempt;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadRuntimeException;
import org.apache.camel.component.exec.ExecBinding;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecEndpoint;
import org.apache.camel.component.exec.ExecResult;

/**
 * Takes camel-exec's command only from the attempt in the body, so that no message header can
 * choose a program or an argument.
 */
public final class AiperfBinding implements ExecBinding {

  @Override
  public ExecCommand readInput(Exchange exchange, ExecEndpoint endpoint) {
    if (exchange.getMessage().getBody() instanceof Attempt attempt) {
      return new LaunchCommand(attempt);
    }
    throw new InvalidPayloadRuntimeException(exchange, Attempt.class);
  }

  @Override
  public void writeOutput(Exchange exchange, ExecResult result) {
    exchange.getMessage().setBody(((LaunchResult) result).exit());
  }
}
