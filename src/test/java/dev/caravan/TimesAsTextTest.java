package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;

/** Times become text in one way: their own {@code toString} leaves out zeros. */
class TimesAsTextTest {

  private static final Path CLASSES = Path.of("target/classes/dev/caravan");
  private static final Set<String> TIMES =
      Set.of("java/time/OffsetDateTime", "java/time/Instant", "java/time/ZonedDateTime");

  @Test
  void writesNoTimeInAWidthThatDependsOnItsDigits() throws IOException {
    // given
    List<Path> classes;
    try (Stream<Path> all = Files.walk(CLASSES)) {
      classes = all.filter(file -> file.toString().endsWith(".class")).toList();
    }
    // when
    Set<String> callers = new TreeSet<>();
    for (Path file : classes) {
      new ClassReader(Files.readAllBytes(file)).accept(new Calls(file, callers), 0);
    }
    // then
    assertThat(classes).hasSizeGreaterThan(1000);
    assertThat(callers).isEmpty();
  }

  /** Collects the methods of a class that call {@code toString} of a time. */
  private static final class Calls extends ClassVisitor {

    private final Path file;
    private final Set<String> callers;

    Calls(Path file, Set<String> callers) {
      super(Opcodes.ASM9);
      this.file = file;
      this.callers = callers;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String method, String descriptor, String signature, String[] exceptions) {
      return new MethodVisitor(Opcodes.ASM9) {

        @Override
        public void visitMethodInsn(
            int opcode, String owner, String name, String called, boolean isInterface) {
          check(owner, name);
        }

        @Override
        public void visitInvokeDynamicInsn(
            String name, String called, Handle bootstrap, Object... arguments) {
          for (Object argument : arguments) {
            if (argument instanceof Handle handle) {
              check(handle.getOwner(), handle.getName());
            }
          }
        }

        private void check(String owner, String name) {
          if (TIMES.contains(owner) && name.equals("toString")) {
            callers.add(CLASSES.relativize(file) + " " + method);
          }
        }
      };
    }
  }
}
