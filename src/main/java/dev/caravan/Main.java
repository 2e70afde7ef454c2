package dev.caravan;

import dev.caravan.app.CamelEngine;
import dev.caravan.cli.CaravanCommand;
import java.util.Locale;

/** Entry point of the program. */
public final class Main {

  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    // Names and texts that programs read have ASCII digits and a decimal point in every locale.
    Locale.setDefault(Locale.ROOT);
    System.exit(CaravanCommand.execute(new CamelEngine(), args));
  }
}
