import type { FrontendComponent } from "../../contracts/kinds/frontend.ts";

type Named = Pick<FrontendComponent, "entryPoints" | "serviceWorker">;

/**
 * Every file whose name stays from release to release: what is written last and forgotten by the edge locations. The
 * service worker is one of them, whether the environment lists it there too or not.
 */
export function entryPointsOf({ entryPoints, serviceWorker }: Named): readonly string[] {
  if (serviceWorker === undefined || entryPoints.includes(serviceWorker)) return entryPoints;
  return [...entryPoints, serviceWorker];
}

/** The service worker among them; undefined when there is none. */
export function serviceWorkerOf(named: Named): string | undefined {
  return named.serviceWorker ?? named.entryPoints.find((file) => file.endsWith("service-worker.js"));
}
