import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ClockModule } from '../clock/clock.module.js';
import { JobProducer } from './job.producer.js';
import { JobWorkers } from './job-workers.js';
import { PostgresQueueStore } from './postgres-queue-store.js';
import { QueueHealth } from './queue-health.js';
import { QUEUE_OPTIONS, type QueueModuleOptions } from './queue-options.js';
import { QueueStats } from './queue-stats.js';
import { QueueStore, type QueueStoreSettings } from './queue-store.js';
import { RedisQueueStore } from './redis-queue-store.js';

/** Workers drain when modules are destroyed; the store stays open for producers until the HTTP server has closed. */
@Module({})
export class QueueModule implements OnApplicationShutdown {
  constructor(private readonly store: QueueStore) {}

  static register(options: QueueModuleOptions): DynamicModule {
    const { store } = options;
    return {
      module: QueueModule,
      global: true,
      imports: [ClockModule, DiscoveryModule],
      providers: [
        { provide: QUEUE_OPTIONS, useValue: options },
        { provide: QueueStore, useFactory: () => openStore(store) },
        JobProducer,
        JobWorkers,
        QueueHealth,
        QueueStats,
      ],
      exports: [JobProducer, JobWorkers, QueueHealth, QueueStats],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}

function openStore({ kind, url }: QueueStoreSettings): QueueStore {
  return kind === 'redis' ? new RedisQueueStore(url) : new PostgresQueueStore(url);
}
