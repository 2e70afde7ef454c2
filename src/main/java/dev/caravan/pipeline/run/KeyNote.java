package dev.caravan.pipeline.run;

/**
 * Notes that the files of an attempt may contain an API key.
 *
 * @param run id of the run
 * @param folder the folder that holds the files, or will hold them in {@code attempts/}
 * @param attempt number of the attempt
 * @param variable the variable that the key came from
 * @param digest digest of the key, with the secret of the home
 */
record KeyNote(int schema, String run, String folder, int attempt, String variable, String digest) {

  /** Whether a note that was read is complete. */
  boolean isWhole() {
    return run != null && folder != null && variable != null && digest != null;
  }

  KeyNote in(String place) {
    return new KeyNote(schema, run, place, attempt, variable, digest);
  }
}
