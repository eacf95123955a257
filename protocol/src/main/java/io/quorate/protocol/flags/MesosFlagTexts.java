package io.quorate.protocol.flags;

/**
 * The flags of Mesos 1.11, one a line: its name, the values that mean what is done anyway ({@code
 * *} for any, {@code -} for none), and what to say. Those that have an option need neither.
 */
final class MesosFlagTexts {
  private MesosFlagTexts() {}

  static final String MASTER =
      """
      acls
      advertise_ip - use --hostname for what clients are told
      advertise_port - the port that is bound is told
      agent_ping_timeout
      agent_removal_rate_limit
      agent_reregister_timeout
      allocation_interval
      allocator HierarchicalDRF|hierarchical policies are --role_sorter and --framework_sorter
      authenticate_agents - agents prove themselves by --agent_secret_file
      authenticate_frameworks false use --authenticate_http_frameworks
      authenticate_http_frameworks
      authenticate_http_readonly
      authenticate_http_readwrite
      authentication_v0_timeout * there is no login of version 0
      authenticators crammd5 there is no login of version 0
      authorizers local use --acls
      cluster
      credentials
      domain
      external_log_file - the log goes to standard output and error
      fair_sharing_excluded_resource_names
      filter_gpu_resources true
      firewall_rules - put a proxy before the port
      framework_sorter
      help
      hooks
      hostname
      hostname_lookup * use --hostname for what clients are told
      http_authenticators
      http_framework_authenticators
      initialize_driver_logging * there is no native driver
      ip
      ip_discovery_command - use --ip
      jwt_secret_key
      log_auto_initialize true
      log_dir - the log goes to standard output and error
      logbufsecs * nothing of the log waits
      logging_level INFO
      max_agent_ping_timeouts
      max_completed_frameworks
      max_completed_tasks_per_framework
      max_operator_event_stream_subscribers
      max_unreachable_tasks_per_framework
      memory_profiling false use the tools of the Java platform
      min_allocatable_resources
      modules - policies come from --modules_dir
      modules_dir
      offer_constraints_re2_max_mem
      offer_constraints_re2_max_program_size
      offer_timeout
      port
      publish_per_framework_metrics
      quiet false
      quorum
      rate_limits
      recovery_agent_removal_limit 100%
      registry replicated_log
      registry_fetch_timeout * there is one log, and no registry beside it
      registry_gc_interval
      registry_max_agent_age
      registry_max_agent_count
      registry_store_timeout * there is one log, and no registry beside it
      registry_strict
      require_agent_domain false
      role_sorter
      roles
      root_submissions
      user_sorter drf use --role_sorter
      version
      webui_dir
      weights - set them by UPDATE_WEIGHTS, which every master then knows
      whitelist
      work_dir
      zk - there is no ZooKeeper: use --quorum=m1:5060,m2:5060,m3:5060
      zk_session_timeout * there is no ZooKeeper
      """;

  static final String AGENT =
      """
      acls
      advertise_ip - use --hostname for what clients are told
      advertise_port - the port that is bound is told
      agent_features
      agent_subsystems
      allowed_capabilities
      appc_simple_discovery_uri_prefix
      appc_store_dir
      attributes
      authenticate_http_executors
      authenticate_http_readonly
      authenticate_http_readwrite
      authenticatee crammd5 agents prove themselves by --agent_secret_file
      authentication_backoff_factor * the link to the master has a back-off of its own
      authentication_timeout_max * the link to the master has time-outs of its own
      authentication_timeout_min * the link to the master has time-outs of its own
      authorizer local
      bounding_capabilities
      cgroups_cpu_enable_pids_and_tids_count false
      cgroups_destroy_timeout
      cgroups_enable_cfs
      cgroups_hierarchy
      cgroups_limit_swap
      cgroups_net_cls_primary_handle
      cgroups_net_cls_secondary_handles
      cgroups_root
      check_agent_port_range_only false
      container_disk_watch_interval
      container_logger org_apache_mesos_SandboxContainerLogger stdout and stderr are files of the sandbox
      container_ports_isolated_range
      container_ports_watch_interval
      containerizers
      credential - agents prove themselves by --agent_secret_file
      csi_plugin_config_dir
      default_container_dns
      default_container_info
      default_role * resources say their role themselves, as in cpus(role):4
      default_shm_size
      disallow_sharing_agent_ipc_namespace false
      disallow_sharing_agent_pid_namespace false
      disk_profile_adaptor
      disk_watch_interval
      docker * the daemon is asked over its socket, --docker_socket, and no program is run
      docker_config
      docker_ignore_runtime false
      docker_kill_orphans
      docker_mesos_image - the agent itself follows its containers, be it in one: there is no executor beside them
      docker_registry * an image names its registry
      docker_remove_delay
      docker_socket
      docker_stall_timeout
      docker_stop_timeout
      docker_store_dir * images are kept by the Docker daemon
      docker_volume_checkpoint_dir
      docker_volume_chown false
      domain
      domain_socket_location
      effective_capabilities
      enforce_container_disk_quota false
      enforce_container_ports false
      ephemeral_ports_per_container
      executor_environment_variables
      executor_registration_timeout
      executor_reregistration_retry_interval
      executor_reregistration_timeout
      executor_shutdown_grace_period
      external_log_file - the log goes to standard output and error
      fetcher_cache_dir
      fetcher_cache_size
      fetcher_stall_timeout
      firewall_rules - put a proxy before the port
      frameworks_home
      gc_delay
      gc_disk_headroom
      gc_non_executor_container_sandboxes false a task's sandbox goes with that of its executor
      hadoop_client
      hadoop_client_supported_schemes
      hadoop_home
      help
      hooks
      host_path_volume_force_creation
      hostname
      hostname_lookup * use --hostname for what clients are told
      http_authenticators
      http_command_executor * command tasks need no executor of their own
      http_credentials
      http_executor_domain_sockets false
      http_heartbeat_interval
      image_gc_config
      image_providers
      image_provisioner_backend
      initialize_driver_logging * there is no native driver
      ip
      ip6
      ip_discovery_command - use --ip
      isolation
      jwt_secret_key
      launcher posix|linux processes are found by session, tree and container, with either
      launcher_dir * the supervisor is part of the agent
      log_dir - the log goes to standard output and error
      logbufsecs * nothing of the log waits
      logging_level INFO
      master
      master_detector - use --master
      max_completed_executors_per_framework
      memory_profiling false use the tools of the Java platform
      modules
      modules_dir
      network_cni_config_dir
      network_cni_metrics
      network_cni_plugins_dir
      network_cni_root_dir_persist false
      network_enable_snmp_statistics false
      network_enable_socket_statistics_details false
      network_enable_socket_statistics_summary false
      nvidia_gpu_devices
      oversubscribed_resources_interval * nothing is oversubscribed
      perf_duration * nothing is measured by perf
      perf_events
      perf_interval * nothing is measured by perf
      port
      qos_controller noop
      qos_correction_interval_min * there is no controller
      quiet false
      reconfiguration_policy
      recover reconnect tasks are always taken up again; shut the frameworks down, or drain the agent
      recovery_timeout
      registration_backoff_factor * the link to the master has a back-off of its own
      resource_estimator noop
      resource_provider_config_dir
      resources
      revocable_cpu_low_priority * nothing is revocable
      runtime_dir * what has to outlive the agent is below --work_dir
      sandbox_directory * there are no images, so the sandbox has the host's path
      seccomp_config_dir
      seccomp_profile_name
      secret_resolver
      strict true a damaged journal is always fatal, and its message says what to do
      switch_user
      systemd_enable_support * tasks are in a session of their own; see KillMode of systemd
      systemd_runtime_directory * nothing is asked of systemd
      version
      volume_gid_range
      work_dir
      xfs_kill_containers false
      xfs_project_range
      zk_session_timeout * there is no ZooKeeper
      """;
}
