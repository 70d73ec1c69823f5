import * as kvs from "@aws-sdk/client-cloudfront-keyvaluestore";
import type { RegionContext } from "../../region-context.ts";
import { AwsError, type Permission, ServiceModel } from "../../service-model.ts";
import { type Changes, invalid, KeyValueStore } from "./key-value-store.ts";

export interface KeyValueStores {
  readonly model: ServiceModel;
  /** Makes a store, as `cloudfront:CreateKeyValueStore` would; its first items are at every edge location. */
  create(items?: Readonly<Record<string, string>>): KeyValueStore;
  find(arn: string): KeyValueStore | undefined;
}

/**
 * The data plane of CloudFront KeyValueStore. Stores are made with `create`: the control plane is part of CloudFront's
 * own API. The wire layer takes SigV4A requests only (docs/facts/frontend-secrets-config.md §A.2).
 */
export function keyValueStoreService(context: RegionContext): KeyValueStores {
  const random = context.kernel.random.fork("cloudfront-keyvaluestore");
  const stores = new Map<string, KeyValueStore>();
  const client = new kvs.CloudFrontKeyValueStoreClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const model = new ServiceModel("cloudfront-keyvaluestore", kvs, client);
  const find = (arn: string | undefined): KeyValueStore => {
    const store = stores.get(arn ?? "");
    if (store === undefined) {
      throw new AwsError("ResourceNotFoundException", "The key value store was not found");
    }
    return store;
  };
  addReads(model, find);
  addWrites(model, find, (store, { puts, deletes }) => {
    const facts = { store: store.arn, put: puts.length, deleted: deletes.length };
    context.kernel.log.write("cloudfront-keyvaluestore", "keys changed", facts);
  });
  return {
    model,
    create: (items = {}) => {
      const arn = `arn:aws:cloudfront::${context.account}:key-value-store/${random.uuid()}`;
      const store = new KeyValueStore(context.kernel, random.fork(arn), arn, new Map(Object.entries(items)));
      stores.set(arn, store);
      return store;
    },
    find: (arn) => stores.get(arn),
  };
}

type Find = (arn: string | undefined) => KeyValueStore;

/** Names of the actions as the sheet gives them; unverified there: they match the operations. */
function onStore(action: string, arn: string | undefined): Permission[] {
  return [{ action: `cloudfront-keyvaluestore:${action}`, resource: arn ?? "*" }];
}

function addReads(model: ServiceModel, find: Find): void {
  model
    .on(kvs.DescribeKeyValueStoreCommand, {
      accepts: ["KvsARN"],
      authorize: ({ KvsARN: arn }) => onStore("DescribeKeyValueStore", arn),
      handle: ({ KvsARN: arn }) => {
        const store = find(arn);
        const { created: Created, lastModified: LastModified } = store;
        return { ...sizes(store), KvsARN: store.arn, Created, LastModified, Status: "READY" };
      },
    })
    .on(kvs.GetKeyCommand, {
      accepts: ["KvsARN", "Key"],
      authorize: ({ KvsARN: arn }) => onStore("GetKey", arn),
      handle: ({ KvsARN: arn, Key: key }) => {
        const store = find(arn);
        const { ETag: _etag, ...counted } = sizes(store);
        return { Key: key, Value: store.value(key ?? ""), ...counted };
      },
    })
    .on(kvs.ListKeysCommand, {
      accepts: ["KvsARN", "NextToken", "MaxResults"],
      authorize: ({ KvsARN: arn }) => onStore("ListKeys", arn),
      handle: ({ KvsARN: arn, NextToken: token, MaxResults: limit = 10 }) => {
        // 10 unless told, 50 at most [SDK ListKeysRequest]
        if (limit < 1 || limit > 50) throw invalid("MaxResults must be between 1 and 50");
        const entries = [...find(arn).items].sort(([a], [b]) => (a < b ? -1 : 1));
        const after = token === undefined ? undefined : Buffer.from(token, "base64url").toString();
        const rest = after === undefined ? entries : entries.filter(([key]) => key > after);
        const page = rest.slice(0, limit);
        const last = rest.length > page.length ? page.at(-1)?.[0] : undefined;
        return {
          Items: page.map(([Key, Value]) => ({ Key, Value })),
          ...(last === undefined ? {} : { NextToken: Buffer.from(last).toString("base64url") }),
        };
      },
    });
}

function addWrites(
  model: ServiceModel,
  find: Find,
  changed: (store: KeyValueStore, changes: Changes) => void,
): void {
  const change = (arn: string | undefined, ifMatch: string | undefined, changes: Changes) => {
    const store = find(arn);
    store.change(changes, ifMatch ?? "");
    changed(store, changes);
    return sizes(store);
  };
  model
    .on(kvs.PutKeyCommand, {
      accepts: ["KvsARN", "Key", "Value", "IfMatch"],
      authorize: ({ KvsARN: arn }) => onStore("PutKey", arn),
      handle: ({ KvsARN: arn, Key: key = "", Value: value = "", IfMatch: ifMatch }) =>
        change(arn, ifMatch, { puts: [{ key, value }], deletes: [] }),
    })
    .on(kvs.DeleteKeyCommand, {
      accepts: ["KvsARN", "Key", "IfMatch"],
      authorize: ({ KvsARN: arn }) => onStore("DeleteKey", arn),
      handle: ({ KvsARN: arn, Key: key = "", IfMatch: ifMatch }) =>
        change(arn, ifMatch, { puts: [], deletes: [key] }),
    })
    .on(kvs.UpdateKeysCommand, {
      accepts: ["KvsARN", "IfMatch", "Puts", "Deletes"],
      authorize: ({ KvsARN: arn }) => onStore("UpdateKeys", arn),
      handle: ({ KvsARN: arn, IfMatch: ifMatch, Puts: puts = [], Deletes: deletes = [] }) => {
        const changes = {
          puts: puts.map(({ Key: key = "", Value: value = "" }) => ({ key, value })),
          deletes: deletes.map(({ Key: key = "" }) => key),
        };
        checkBatch(changes);
        return change(arn, ifMatch, changes);
      },
    });
}

/** How many keys one call may change, and that each may appear once, is unverified: the narrow reading is taken. */
function checkBatch({ puts, deletes }: Changes): void {
  const keys = [...puts.map(({ key }) => key), ...deletes];
  if (keys.length === 0) throw invalid("At least one key must be put or deleted");
  if (keys.length > 50) throw invalid("At most 50 keys can be changed at once");
  if (new Set(keys).size < keys.length) throw invalid("A key can appear only once in a request");
}

function sizes(store: KeyValueStore) {
  return { ETag: store.etag, ItemCount: store.items.size, TotalSizeInBytes: store.totalSizeInBytes };
}
