import type { Resource } from "./graph.ts";

/**
 * What AWS would answer, invented: names, ARNs and addresses of a plausible shape. It checks nothing of AWS's own rules
 * (docs/architecture.md, "What the evaluation proves").
 */
const ACCOUNT = "123456789012";
const REGION = "eu-west-2";

// biome-ignore lint/suspicious/noExplicitAny: a provider's inputs have no type of ours
type Inputs = Record<string, any>;

const arn = (type: string, name: string) =>
  `arn:aws:${type.split(":")[1]?.split("/")[0]}:${REGION}:${ACCOUNT}:${name}`;

const ANSWERS: Record<string, (name: string, inputs: Inputs) => Inputs> = {
  "aws:s3/bucket:Bucket": (name) => ({
    bucket: name,
    arn: `arn:aws:s3:::${name}`,
    bucketRegionalDomainName: `${name}.s3.${REGION}.amazonaws.com`,
  }),
  "aws:s3/bucketV2:BucketV2": (name) => ({
    bucket: name,
    arn: `arn:aws:s3:::${name}`,
    bucketRegionalDomainName: `${name}.s3.${REGION}.amazonaws.com`,
  }),
  "aws:lambda/functionUrl:FunctionUrl": (name) => ({
    functionUrl: `https://${name.toLowerCase()}.lambda-url.${REGION}.on.aws/`,
  }),
  "aws:sqs/queue:Queue": (name) => ({
    url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`,
    arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`,
  }),
  "aws:cloudfront/distribution:Distribution": (name) => ({
    domainName: `${name.toLowerCase()}.cloudfront.net`,
    hostedZoneId: "Z2FDTNDATAQYW2",
  }),
  "aws:rds/cluster:Cluster": (name) => ({
    endpoint: `${name}.cluster-x.${REGION}.rds.amazonaws.com`,
    port: 5432,
    masterUserSecrets: [],
  }),
  "aws:lambda/invocation:Invocation": () => ({ result: '{"applied":[]}' }),
  "aws:rds/clusterInstance:ClusterInstance": () => ({ port: 5432 }),
  "aws:rds/proxy:Proxy": (name) => ({ endpoint: `${name}.proxy-x.${REGION}.rds.amazonaws.com` }),
  "random:index/randomBytes:RandomBytes": (_name, { length = 32 }) => ({
    base64: Buffer.alloc(length, 7).toString("base64"),
    hex: Buffer.alloc(length, 7).toString("hex"),
  }),
  "random:index/randomPassword:RandomPassword": (_name, { length = 32 }) => ({ result: "p".repeat(length) }),
  "random:index/randomId:RandomId": () => ({ dec: "123456789012345", hex: "abcdef0123456789" }),
  "tls:index/privateKey:PrivateKey": () => ({
    publicKeyOpenssh: "ssh-rsa AAAA",
    privateKeyOpenssh: "k",
    publicKeyPem: "pem",
    privateKeyPem: "pem",
  }),
  "command:local:Command": () => ({ stdout: "", stderr: "" }),
  "aws:ec2/vpc:Vpc": () => ({ defaultSecurityGroupId: "sg-default" }),
};

const single = (value: unknown) => (Array.isArray(value) && value.length === 1 ? value[0] : value);

function policyDocument({ statements = [] }: Inputs): string {
  const written = statements.map((statement: Inputs) => ({
    Effect: statement.effect ?? "Allow",
    ...(statement.actions ? { Action: single(statement.actions) } : {}),
    ...(statement.resources ? { Resource: single(statement.resources) } : {}),
    ...(statement.principals
      ? {
          Principal: Object.fromEntries(
            statement.principals.map((one: Inputs) => [one.type, single(one.identifiers)]),
          ),
        }
      : {}),
    ...(statement.conditions?.length
      ? {
          Condition: Object.fromEntries(
            statement.conditions.map((one: Inputs) => [one.test, { [one.variable]: single(one.values) }]),
          ),
        }
      : {}),
  }));
  return JSON.stringify({ Version: "2012-10-17", Statement: written });
}

const CALLS: Record<string, (inputs: Inputs) => Inputs> = {
  "aws:index/getRegion:getRegion": () => ({ region: REGION, name: REGION, id: REGION }),
  "aws:index/getPartition:getPartition": () => ({ partition: "aws", dnsSuffix: "amazonaws.com", id: "aws" }),
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    accountId: ACCOUNT,
    arn: `arn:aws:iam::${ACCOUNT}:root`,
    userId: "x",
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({
    names: ["a", "b", "c"].map((zone) => REGION + zone),
    zoneIds: ["1", "2", "3"],
  }),
  "aws:iam/getPolicyDocument:getPolicyDocument": (inputs) => ({
    ...inputs,
    json: policyDocument(inputs),
    minifiedJson: policyDocument(inputs),
    id: "policy",
  }),
  "aws:secretsmanager/getSecretVersion:getSecretVersion": (inputs) => ({
    ...inputs,
    secretString: JSON.stringify({ username: "postgres", password: "pw" }),
  }),
  "aws:rds/getInstances:getInstances": () => ({ instanceIdentifiers: [] }),
  "aws:ec2/getAmi:getAmi": (inputs) => ({ id: "ami-123", ...inputs }),
  "command:local:run": (inputs) => ({ ...inputs, stdout: "", stderr: "" }),
  "aws:cloudfront/getCachePolicy:getCachePolicy": (inputs) => ({ id: "cache-policy", ...inputs }),
};

/** Pulumi wraps secret values in a signature object on the wire. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const IS_SECRET = "1b47061264138c4ac30d75fd1eb44270";

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Object)) return value;
  const record = value as Inputs;
  if (record[SIGNATURE] === IS_SECRET) return plain(record.value);
  return Object.fromEntries(Object.entries(record).map(([key, inner]) => [key, plain(inner)]));
}

/** Pulumi's mocks, which write every resource into `resources`. */
export const pulumiMocks = (resources: Resource[]) => ({
  newResource({ type, name, inputs = {} }: { type: string; name: string; inputs?: Inputs }) {
    const shown = inputs.name ?? inputs.bucket ?? inputs.clusterIdentifier ?? name;
    const state = { ...inputs, name: shown, arn: arn(type, shown), ...ANSWERS[type]?.(shown, inputs) };
    const id = `${name}-id`;
    resources.push({ type, name, inputs: plain(inputs) as Inputs, id, state: plain(state) as Inputs });
    return { id, state };
  },
  call: ({ token, inputs }: { token: string; inputs: Inputs }) => CALLS[token]?.(inputs) ?? inputs,
});
