import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Connections } from './connections.js';
import { Database } from './database.js';
import { createDataSource } from './data-source.js';
import { Listener } from './listener.js';
import { PipelinedDatabase } from './pipelined-database.js';
import { ServerWatch } from './server-watch.js';
import { StatisticsKeeper } from './statistics-keeper.js';

export interface DatabaseSettings {
  readonly url: string;
  readonly poolSize: number;
}
const SETTINGS = Symbol('DatabaseSettings');

@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(DataSource) private readonly source: DataSource) {}

  static register(settings: DatabaseSettings): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        { provide: SETTINGS, useValue: settings },
        {
          provide: DataSource,
          useFactory: () => createDataSource(settings.url, { poolSize: settings.poolSize }).initialize(),
        },
        { provide: Listener, useFactory: () => new Listener(settings.url) },
        Connections,
        {
          provide: PipelinedDatabase,
          inject: [Connections],
          useFactory: (connections: Connections) => new PipelinedDatabase(settings.url, connections),
        },
        {
          provide: ServerWatch,
          inject: [Connections],
          useFactory: (connections: Connections) => new ServerWatch(connections, settings.url),
        },
        Database,
        StatisticsKeeper,
      ],
      exports: [Database, DataSource, Listener, PipelinedDatabase],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.source.destroy();
  }
}
