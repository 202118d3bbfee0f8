/** Puts references to outbox rows on the queue. Implemented by the feature that owns the topic's job. */
export interface OutboxPublisher {
  readonly topic: string;
  publish(outboxIds: readonly string[]): Promise<void>;
}
