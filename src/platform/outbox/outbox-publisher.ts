/** Brings the outbox rows of a topic to the workers. Implemented by the feature that owns the topic's job. */
export interface OutboxPublisher {
  readonly topic: string;
  /** Puts references to these rows on the queue, one job for each: a row whose job is there already gets no second one. */
  publish(outboxIds: readonly string[]): Promise<void>;
  /** For a topic with shares: sees to it that a worker looks for rows of any redeemer after this call. */
  ring?(): Promise<void>;
}
