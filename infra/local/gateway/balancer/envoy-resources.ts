import type { BalancedListener } from './balancer-model';
import { arnId, loadBalancerDimension, targetGroupDimension } from './elb-names';
import type { Target } from './target';

type Json = Readonly<Record<string, unknown>>;

// Below the 5 s after which Node's HTTP server closes an idle connection, so that a request never meets a closing one.
const UPSTREAM_IDLE = '3s';
const PLENTY = 100_000;

/** Envoy's source of one resource type: a file that is replaced by rename. */
function fileSource(path: string): Json {
  return { resource_api_version: 'V3', path_config_source: { path } };
}

/** The cluster of a target group; its endpoints come from a file of their own. */
export function envoyCluster(groupArn: string, endpointsPath: string): Json {
  return {
    '@type': 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
    name: targetGroupDimension(groupArn),
    type: 'EDS',
    eds_cluster_config: { eds_config: fileSource(endpointsPath) },
    connect_timeout: '1s',
    lb_policy: 'ROUND_ROBIN',
    // No healthy target means 503, never a gamble on the unhealthy ones.
    common_lb_config: { healthy_panic_threshold: { value: 0 } },
    circuit_breakers: {
      thresholds: [{ max_connections: PLENTY, max_pending_requests: PLENTY, max_requests: PLENTY, max_retries: PLENTY }],
    },
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
        common_http_protocol_options: { idle_timeout: UPSTREAM_IDLE },
        explicit_http_config: { http_protocol_options: {} },
      },
    },
  };
}

/**
 * The endpoints of a target group. Unhealthy and draining targets stay listed, as such: Envoy then sends them nothing new
 * but lets their requests finish. Targets that were never healthy or aren't running are left out.
 */
export function envoyEndpoints(groupArn: string, targets: readonly { readonly target: Target; readonly address: string }[]): Json {
  const status = { healthy: 'HEALTHY', unhealthy: 'UNHEALTHY', draining: 'DRAINING' } as const;
  const endpoints = targets.flatMap(({ target, address }) => {
    const { state } = target.health;
    if (state === 'initial' || state === 'unused') return [];
    const endpoint = { address: { socket_address: { address, port_value: target.port } } };
    return [{ health_status: status[state], endpoint }];
  });
  return {
    '@type': 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment',
    cluster_name: targetGroupDimension(groupArn),
    endpoints: [{ lb_endpoints: endpoints }],
  };
}

/** Name of a listener and of its route table. */
export function envoyListenerName(listenerArn: string): string {
  return `listener_${arnId(listenerArn)}`;
}

/** The loopback listener that stands for an ELB listener, whatever port and protocol that has. */
export function envoyListener(listener: BalancedListener, port: number, routesPath: string): Json {
  const name = envoyListenerName(listener.listenerArn);
  return {
    '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener',
    name,
    address: { socket_address: { address: '127.0.0.1', port_value: port } },
    // Otherwise two Envoys could take the same port without noticing.
    enable_reuse_port: false,
    filter_chains: [{ filters: [{ name: 'http', typed_config: connectionManager(name, listener, routesPath) }] }],
  };
}

function connectionManager(name: string, listener: BalancedListener, routesPath: string): Json {
  return {
    '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    stat_prefix: name,
    rds: { route_config_name: name, config_source: fileSource(routesPath) },
    http_filters: [
      { name: 'router', typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' } },
    ],
    access_log: [
      {
        name: 'stdout',
        typed_config: {
          '@type': 'type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog',
          log_format: {
            json_format: {
              balancer: loadBalancerDimension(listener.loadBalancerArn),
              group: '%UPSTREAM_CLUSTER_RAW%',
              code: '%RESPONSE_CODE%',
              details: '%RESPONSE_CODE_DETAILS%',
              flags: '%RESPONSE_FLAGS%',
              targetMicros: '%COMMON_DURATION(US_TX_BEG:US_RX_BEG:us)%',
            },
          },
        },
      },
    ],
  };
}
