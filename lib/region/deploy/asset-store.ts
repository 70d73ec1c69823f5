/** Where the files that a template names by bucket and key lie on disk. */
export class AssetStore {
  readonly #paths = new Map<string, string>();

  add(bucket: string, key: string, path: string): void {
    this.#paths.set(`${bucket}/${key}`, path);
  }

  /** A directory for what CDK would have zipped, otherwise a file. */
  path(bucket: string, key: string): string | undefined {
    return this.#paths.get(`${bucket}/${key}`);
  }
}
