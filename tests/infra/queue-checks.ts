import { arnOf, type Check, statementsIn } from "./check.ts";
import { type Graph, ofType } from "./graph.ts";

export const notifiedQueues: Check = {
  promise: "a notified queue takes messages from its bucket alone",
  broken(graph) {
    const policies = ofType(graph, "aws:sqs/queuePolicy:QueuePolicy");
    const notified = ofType(graph, "aws:s3/bucketNotification:BucketNotification").flatMap(
      ({ inputs }) => inputs.queues ?? [],
    );
    const statements = policies.flatMap(({ inputs }) =>
      statementsIn(inputs.policy).map((statement) => ({ ...statement, queueUrl: inputs.queueUrl })),
    );
    const loose = statements.filter(
      ({ Condition }) => Condition?.ArnEquals?.["aws:SourceArn"] !== arnOf(graph, "Inbox"),
    );
    const astray = statements.filter(
      ({ Resource, queueUrl }) =>
        ofType(graph, "aws:sqs/queue:Queue").find(({ state }) => state.arn === Resource)?.state.url !==
        queueUrl,
    );
    return [
      ...(policies.length === notified.length
        ? []
        : [`${policies.length} policies of ${notified.length} queues`]),
      ...loose.map(
        ({ Condition }) => `the queue takes messages on ${JSON.stringify(Condition) ?? "no condition"}`,
      ),
      ...astray.map(({ queueUrl }) => `the policy of ${queueUrl} is about another queue`),
    ];
  },
};

export const historyHeldBack: Check = {
  promise: "history that is taken in has few executions at once, what is newer any number",
  broken: (graph) =>
    ourSubscriptions(graph).flatMap(({ mapping, queue }) => {
      const isBulk = queue.name.startsWith("BulkArrivals");
      const most = mapping.inputs.scalingConfig?.maximumConcurrency;
      if (isBulk) return most > 0 ? [] : [`${mapping.name} may have any number of executions`];
      return most === undefined ? [] : [`${mapping.name} has ${most} executions at most`];
    }),
};

const ourSubscriptions = (graph: Graph) =>
  ofType(graph, "aws:lambda/eventSourceMapping:EventSourceMapping")
    .filter(({ name }) => !name.startsWith("Portal"))
    .map((mapping) => {
      const queue = ofType(graph, "aws:sqs/queue:Queue").find(
        ({ state }) => state.arn === mapping.inputs.eventSourceArn,
      );
      const made = ofType(graph, "aws:lambda/function:Function").find(
        ({ state }) => state.arn === mapping.inputs.functionName,
      );
      if (!queue || !made) throw new Error(`${mapping.name} maps nothing`);
      return { mapping, queue, made };
    });

export const visibility: Check = {
  promise: "a message stays hidden at least six times as long as its function may take",
  broken: (graph) =>
    ourSubscriptions(graph).flatMap(({ queue, made }) =>
      queue.inputs.visibilityTimeoutSeconds >= 6 * made.inputs.timeout
        ? []
        : [`${queue.name}: ${queue.inputs.visibilityTimeoutSeconds} s for ${made.inputs.timeout} s`],
    ),
};

export const partialResponses: Check = {
  promise: "one message that failed doesn't bring back its whole batch",
  broken(graph) {
    const subscriptions = ourSubscriptions(graph);
    if (subscriptions.length === 0) return ["nothing reads a queue"];
    return subscriptions
      .filter(({ mapping }) => !mapping.inputs.functionResponseTypes?.includes("ReportBatchItemFailures"))
      .map(({ mapping }) => `${mapping.name} answers for whole batches`);
  },
};

export const deadLetters: Check = {
  promise: "a message that nobody can handle ends among dead letters, and somebody is woken",
  broken(graph) {
    const queues = ofType(graph, "aws:sqs/queue:Queue").filter(({ name }) => !name.startsWith("Portal"));
    const alarmed = ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm")
      .filter(({ inputs }) => inputs.metricName === "ApproximateNumberOfMessagesVisible")
      .map(({ inputs }) => inputs.dimensions.QueueName);
    return queues
      .filter(({ name }) => !/DeadLetters/.test(name))
      .flatMap(({ name, inputs }) => {
        const target = inputs.redrivePolicy && JSON.parse(inputs.redrivePolicy).deadLetterTargetArn;
        const dead = queues.find(({ state }) => state.arn === target);
        if (!dead) return [`${name} has no dead letters`];
        return alarmed.includes(dead.inputs.name) ? [] : [`nobody is woken by ${dead.name}`];
      });
  },
};
