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
import net.bytebuddy.jar.asm.Type;
import org.junit.jupiter.api.Test;

/** Times become text in one way: their own {@code toString} leaves out zeros. */
class TimesAsTextTest {

  private static final Path CLASSES = Path.of("target/classes/dev/caravan");
  private static final Set<String> TIMES =
      Set.of("java/time/OffsetDateTime", "java/time/Instant", "java/time/ZonedDateTime");

  /** What joins a text and an object, in both ways that compilers know. */
  private static final Set<String> JOINS = Set.of("valueOf", "append");

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

        /** Whether the last instruction left a time on the stack. */
        private boolean isTime;

        @Override
        public void visitMethodInsn(
            int opcode, String owner, String name, String called, boolean isInterface) {
          check(owner, name);
          if (isTime && called.startsWith("(Ljava/lang/Object;)") && JOINS.contains(name)) {
            callers.add(CLASSES.relativize(file) + " " + method);
          }
          isTime = TIMES.contains(Type.getReturnType(called).getInternalName());
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String name, String type) {
          isTime = TIMES.contains(Type.getType(type).getInternalName());
        }

        @Override
        public void visitVarInsn(int opcode, int variable) {
          isTime = false;
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
