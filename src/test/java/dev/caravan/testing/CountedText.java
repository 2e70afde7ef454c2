package dev.caravan.testing;

/** A text that can be read a bounded number of times, so that a search of it ends however slow. */
public final class CountedText implements CharSequence {

  private final String text;
  private final long most;
  private long reads;

  /** Says that a text was read too often. */
  public static final class TooManyReadsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private TooManyReadsException(long most) {
      super("more than " + most + " characters were read");
    }
  }

  /** A text of which at most so many characters are read. */
  public CountedText(String text, long most) {
    this.text = text;
    this.most = most;
  }

  @Override
  public char charAt(int index) {
    count(1);
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    count(end - start);
    return text.subSequence(start, end);
  }

  @Override
  public String toString() {
    count(text.length());
    return text;
  }

  private void count(long more) {
    reads += more;
    if (reads > most) {
      throw new TooManyReadsException(most);
    }
  }
}
