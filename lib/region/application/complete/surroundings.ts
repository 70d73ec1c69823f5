import type { AppConfig } from "../../services/appconfig/appconfig-service.ts";
import type { CloudFront } from "../../services/cloudfront/cloudfront-service.ts";
import type { KeyValueStores } from "../../services/cloudfront-keyvaluestore/key-value-store-service.ts";
import type { Ec2 } from "../../services/ec2/ec2-service.ts";
import type { ElasticLoadBalancing } from "../../services/elastic-load-balancing/elastic-load-balancing-service.ts";
import type { ElastiCache } from "../../services/elasticache/elasticache-service.ts";
import type { Kms } from "../../services/kms/kms-service.ts";
import type { Rds } from "../../services/rds/databases.ts";
import type { Buckets } from "../../services/s3/buckets.ts";
import type { SecretsManager } from "../../services/secrets-manager/secrets-manager-service.ts";
import type { Ssm } from "../../services/ssm/ssm-service.ts";
import type { Waf } from "../../services/wafv2/wafv2-service.ts";

/** The services that the complete application stands on, next to ECS and ECR; a `Region` has them all. */
export interface Surroundings {
  readonly appconfig: AppConfig;
  readonly buckets: Buckets;
  readonly caches: ElastiCache;
  readonly cloudfront: CloudFront;
  readonly ec2: Ec2;
  readonly keys: Kms;
  readonly loadBalancing: ElasticLoadBalancing;
  readonly rds: Rds;
  readonly secrets: SecretsManager;
  readonly ssm: Ssm;
  readonly stores: KeyValueStores;
  readonly waf: Waf;
}
