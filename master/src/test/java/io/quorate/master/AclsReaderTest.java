package io.quorate.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.master.access.Acls;
import io.quorate.master.access.Action;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AclsReaderTest {
  @TempDir Path directory;

  private static Acls acls(String json) throws IOException {
    return AclsReader.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  @Test
  @DisplayName("CP-455 without ACLs all is allowed, also to who has no name")
  void shouldAllowAll() {
    for (Action action : Action.values()) {
      assertThat(Acls.OPEN.allow(action, "", "x")).isTrue();
      assertThat(Acls.OPEN.allow(action, "p")).isTrue();
    }
  }

  @Test
  @DisplayName("CP-456 the first ACL that fits decides, and if none does, permissive")
  void shouldTakeTheFirst() throws IOException {
    String rules =
        "'run_tasks':[{'principals':{'values':['a','b']},'users':{'values':['web']}},"
            + "{'principals':{'values':['a']},'users':{'type':'NONE'}},"
            + "{'principals':{'type':'ANY'},'users':{'values':['guest']}},"
            + "{'principals':{'type':'NONE'},'users':{'values':['root']}}]";
    Acls open = acls("{" + rules + "}");
    assertThat(open.allow(Action.RUN_TASKS, "a", "web")).isTrue();
    // The second concerns all of a's users and allows none, before the third is asked.
    assertThat(open.allow(Action.RUN_TASKS, "a", "guest")).isFalse();
    assertThat(open.allow(Action.RUN_TASKS, "b", "guest")).isTrue();
    assertThat(open.allow(Action.RUN_TASKS, "", "guest")).isTrue();
    assertThat(open.allow(Action.RUN_TASKS, "b", "root")).isFalse();
    assertThat(open.allow(Action.RUN_TASKS, "", "root")).isFalse();
    assertThat(open.allow(Action.RUN_TASKS, "b", "other")).isTrue();
    Acls closed = acls("{'permissive':false," + rules + "}");
    assertThat(closed.allow(Action.RUN_TASKS, "b", "other")).isFalse();
    assertThat(closed.allow(Action.RUN_TASKS, "", "web")).isFalse();
    assertThat(closed.allow(Action.RUN_TASKS, "b", "web")).isTrue();
    assertThat(closed.allow(Action.REGISTER_FRAMEWORKS, "b", "r")).isFalse();
  }

  @Test
  @DisplayName("CP-459 a role and a percent sign mean the roles below it, and not the role itself")
  void shouldKnowRolesBelow() throws IOException {
    Acls acls =
        acls(
            "{'permissive':false,'register_frameworks':"
                + "[{'principals':{'values':['a']},'roles':{'values':['eng/%','ops']}}],"
                + "'run_tasks':[{'principals':{'values':['a']},'users':{'values':['eng/%']}}]}");
    assertThat(acls.allow(Action.REGISTER_FRAMEWORKS, "a", "eng/web")).isTrue();
    assertThat(acls.allow(Action.REGISTER_FRAMEWORKS, "a", "eng/web/1")).isTrue();
    assertThat(acls.allow(Action.REGISTER_FRAMEWORKS, "a", "eng")).isFalse();
    assertThat(acls.allow(Action.REGISTER_FRAMEWORKS, "a", "engine")).isFalse();
    assertThat(acls.allow(Action.REGISTER_FRAMEWORKS, "a", "ops")).isTrue();
    assertThat(acls.allow(Action.REGISTER_FRAMEWORKS, "a", "ops/x")).isFalse();
    assertThat(acls.allow(Action.RUN_TASKS, "a", "eng/web")).isFalse();
  }

  @Test
  @DisplayName("CP-464 ACLs may be in a file, named with file:// or without")
  void shouldReadFiles() throws IOException {
    Path file = directory.resolve("acls.json");
    Files.writeString(file, "{\"permissive\": false}");
    assertThat(AclsReader.read(JsonFlag.read("--acls", "file://" + file)).permissive()).isFalse();
    assertThat(AclsReader.read(JsonFlag.read("--acls", file.toString())).permissive()).isFalse();
    assertThat(AclsReader.read(JsonFlag.read("--acls", " {\"permissive\": true}")).permissive())
        .isTrue();
    assertThatThrownBy(() -> JsonFlag.read("--acls", directory + "/none"))
        .hasMessageContaining("--acls")
        .hasMessageContaining("none");
  }

  @Test
  @DisplayName("Actions of Mesos that this release has no face for are let pass")
  void shouldLetPass() throws IOException {
    assertThat(acls("{'launch_nested_containers_as_user':[]}").permissive()).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|must be a JSON object",
        "{|is not JSON",
        "{'permissive':'no'}|'permissive' must be true or false",
        "{'run_task':[]}|no action 'run_task'",
        "{'run_tasks':{}}|'run_tasks' must be a list",
        "{'run_tasks':[{'principals':{'type':'ANY'}}]}|run_tasks[0].users must be a JSON object",
        "{'run_tasks':[{'users':{'type':'ANY'}}]}|run_tasks[0].principals must be a JSON object",
        "{'run_tasks':[{'principals':{'type':'ANY'},'users':{'type':'ANY'},'roles':{}}]}"
            + "|run_tasks[0] has no field 'roles'",
        "{'run_tasks':[{'principals':{'type':'ANY'},'users':{'type':'ALL'}}]}|users.type must be",
        "{'run_tasks':[{'principals':{'type':'ANY'},'users':{}}]}|users needs either",
        "{'run_tasks':[{'principals':{'type':'ANY'},'users':{'values':[1]}}]}|must hold strings",
        "{'run_tasks':[{'principals':{'type':'ANY','values':['x']},'users':{'type':'ANY'}}]}"
            + "|principals needs either",
        "{'view_flags':[{'principals':{'type':'ANY'},'flags':{'values':['x']}}]}"
            + "|flags must be ANY or NONE",
        "{'get_endpoints':[{'principals':{'type':'ANY'},'paths':{'values':['/state']}}]}|paths may",
      })
  void shouldSayWhatIsWrong(String json, String text) {
    assertThatThrownBy(() -> acls(json)).isInstanceOf(IOException.class).hasMessageContaining(text);
  }
}
