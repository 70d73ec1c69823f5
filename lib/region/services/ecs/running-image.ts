import type { RunningImage } from "../../application/application.ts";
import { parseImage } from "../../application/image-registry.ts";
import type { ContainerRecord } from "./task-record.ts";

/** The image of a container that has pulled it, as the application knows it. */
export function runningImage({ image, digest }: ContainerRecord): RunningImage {
  const { repository, tag } = parseImage(image);
  return { image, repository, digest: digest ?? "", ...(tag === undefined ? {} : { tag }) };
}
