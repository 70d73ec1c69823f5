import { arnOf, type RegionContext } from "../region-context.ts";

/** The two services of the sample application. */
export const COMPONENTS = ["api", "web"] as const;
export type Component = (typeof COMPONENTS)[number];

/** What the sample application is called everywhere: the names a drill, an alarm and an environment file share. */
export const BOARDROOM = {
  cluster: "boardroom",
  loadBalancer: "app/boardroom/50dc6c495c0c9188",
  container: "app",
  port: 8080,
  goodRelease: "2.9.5",
  badRelease: "2.10.0",
  /** The function that tells clients with long connections to leave. */
  noticeFunction: "boardroom-notice",
} as const;

export function serviceName(component: Component): string {
  return `boardroom-${component}`;
}

export function repositoryName(component: Component): string {
  return `boardroom/${component}`;
}

/** `targetgroup/boardroom-api/…`; the alternate one is what traffic-shifting deployments shift to. */
export function targetGroupName(component: Component, alternate = false): string {
  const id = { api: ["6d0ecf831eec9f09", "0b1f2a3c4d5e6f70"], web: ["943f017f100becff", "1c2d3e4f50617283"] };
  const name = alternate ? `boardroom-${component}-alt` : `boardroom-${component}`;
  return `targetgroup/${name}/${id[component][alternate ? 1 : 0]}`;
}

export function targetGroupArn(context: RegionContext, component: Component, alternate = false): string {
  return arnOf(context, "elasticloadbalancing", targetGroupName(component, alternate));
}

export const LISTENER = "f2f7dc8efc522ab2";

export function listenerArn(context: RegionContext): string {
  return arnOf(context, "elasticloadbalancing", `listener/${BOARDROOM.loadBalancer}/${LISTENER}`);
}
