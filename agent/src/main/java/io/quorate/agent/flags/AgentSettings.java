package io.quorate.agent.flags;

import io.quorate.protocol.auth.SharedSecret;
import io.quorate.protocol.v1.Attribute;
import io.quorate.protocol.v1.DomainInfo;
import io.quorate.protocol.v1.Resource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The settings that an agent was started with.
 *
 * @param masters {@code host:port} of masters; any of them will do
 * @param ip the address to bind
 * @param port the port to bind (CP-002)
 * @param hostname what clients are told
 * @param domain its region and zone
 * @param switchUser whether tasks run as their own user, where the agent may do that
 * @param startsMax tasks that are started at the same time
 * @param checksMax commands of checks that run at the same time
 * @param journalBytesMax the size in bytes from which the journal is compacted while the agent
 *     runs, where it has also doubled since the last time
 * @param executors what concerns executors
 * @param fetch what concerns the fetcher
 * @param docker what concerns containerizers, and Docker above all
 * @param isolation what concerns isolation
 * @param gc what concerns the garbage collection of sandboxes
 * @param files what concerns the files API
 */
public record AgentSettings(
    List<String> masters,
    String ip,
    int port,
    String hostname,
    Path workDir,
    List<Resource> resources,
    List<Attribute> attributes,
    Optional<DomainInfo> domain,
    boolean switchUser,
    Optional<SharedSecret> secret,
    int startsMax,
    int checksMax,
    long journalBytesMax,
    ExecutorSettings executors,
    FetchSettings fetch,
    DockerSettings docker,
    IsolationSettings isolation,
    GarbageCollectionSettings gc,
    FilesSettings files) {}
