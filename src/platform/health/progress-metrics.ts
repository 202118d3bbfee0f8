import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Metrics } from '../metrics/metrics.js';
import { OutboxBacklog } from '../outbox/outbox-backlog.js';
import { QueueStats } from '../queue/queue-stats.js';

/** Whether work moves on: a worker can hang while every connection answers pings. Asked when Prometheus comes. */
@Injectable()
export class ProgressMetrics implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly outbox: OutboxBacklog,
    private readonly queue: QueueStats,
  ) {}

  onModuleInit(): void {
    const { metrics, outbox, queue } = this;
    metrics.observe(
      'tandem_outbox_rows',
      'Committed batches whose work is not done yet',
      async () => (await outbox.measure()).rows,
    );
    metrics.observe(
      'tandem_outbox_lag_seconds',
      'Age of the oldest committed batch whose work is not done yet',
      async () => (await outbox.measure()).oldestSeconds,
    );
    metrics.observe(
      'tandem_outbox_parked_rows',
      'Committed batches whose work failed for good; the reason is in outbox.failure',
      async () => (await outbox.measure()).parked,
    );
    metrics.observe(
      'tandem_queue_oldest_waiting_seconds',
      'How long the longest waiting job has waited',
      () => queue.oldestWaitingSeconds(),
    );
    metrics.observe('tandem_queue_failed_jobs', 'Jobs parked after their last attempt', async () =>
      (await queue.states()).reduce((sum, state) => sum + state.failed, 0),
    );
  }
}
