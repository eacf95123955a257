package io.quorate.driver.mesos;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.mesos.MesosNativeLibrary;
import org.apache.mesos.Protos;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every member that a framework can call or override in the original classes is in ours. Version
 * 1.11.0 has all members of the versions before it.
 */
class OriginalApiTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.apache.mesos.MesosSchedulerDriver",
        "org.apache.mesos.MesosExecutorDriver",
        "org.apache.mesos.MesosNativeLibrary",
        "org.apache.mesos.MesosNativeLibrary$Version",
        "org.apache.mesos.v1.scheduler.V0Mesos",
        "org.apache.mesos.v1.scheduler.V1Mesos",
        "org.apache.mesos.Log",
        "org.apache.mesos.Log$Position",
        "org.apache.mesos.Log$Entry",
        "org.apache.mesos.Log$Reader",
        "org.apache.mesos.Log$Writer",
        "org.apache.mesos.Log$OperationFailedException",
        "org.apache.mesos.Log$WriterFailedException",
        "org.apache.mesos.state.AbstractState",
        "org.apache.mesos.state.LevelDBState",
        "org.apache.mesos.state.LogState",
        "org.apache.mesos.state.Variable",
        "org.apache.mesos.state.ZooKeeperState"
      })
  @DisplayName("CP-429, CP-436: no public member of the original class is missing")
  void shouldHaveAllPublicMembersOfTheOriginal(String name) throws Exception {
    // given
    URL original = Protos.class.getProtectionDomain().getCodeSource().getLocation();

    // when
    Set<String> ours = members(Class.forName(name, false, getClass().getClassLoader()));
    Set<String> theirs;
    try (URLClassLoader alone =
        new URLClassLoader(new URL[] {original}, ClassLoader.getPlatformClassLoader())) {
      theirs = members(Class.forName(name, false, alone));
    }

    // then
    assertThat(theirs).isNotEmpty();
    assertThat(ours).containsAll(theirs);
  }

  @Test
  @DisplayName("CP-449: MesosNativeLibrary.load() needs no native library")
  void shouldLoadNothing() {
    // when
    MesosNativeLibrary.load();
    MesosNativeLibrary.load("/nonexistent");

    // then
    assertThat(MesosNativeLibrary.version().major).isEqualTo(1);
    assertThat(MesosNativeLibrary.version().before(new MesosNativeLibrary.Version(2))).isTrue();
  }

  private static Set<String> members(Class<?> type) {
    Set<String> found = new TreeSet<>();
    Stream.of(type.getDeclaredConstructors(), type.getDeclaredMethods())
        .flatMap(Arrays::stream)
        .map(Executable.class::cast)
        .filter(executable -> isVisible(executable))
        .map(OriginalApiTest::text)
        .forEach(found::add);
    for (Field field : type.getDeclaredFields()) {
      if (isVisible(field)) {
        found.add(field.getType().getName() + " " + field.getName());
      }
    }
    return found;
  }

  /** What only the native library calls is left out: finalize would make each object costly. */
  private static boolean isVisible(Member member) {
    return Modifier.isPublic(member.getModifiers()) && !member.isSynthetic();
  }

  private static String text(Executable executable) {
    String result = executable instanceof Method method ? method.getReturnType().getName() : "";
    boolean fixed = Modifier.isStatic(executable.getModifiers());
    return (fixed ? "static " : "")
        + result
        + " "
        + (executable instanceof Method ? executable.getName() : "<init>")
        + Arrays.toString(
            Arrays.stream(executable.getParameterTypes()).map(Class::getName).toArray());
  }
}
