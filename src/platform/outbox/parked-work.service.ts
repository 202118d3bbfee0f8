import { Injectable } from '@nestjs/common';
import { notFound } from '../../kernel/errors.js';
import { Database } from '../database/database.js';
import { type Page, type PageRequest, toPage } from '../http/page.js';
import { OutboxRelay } from './outbox-relay.js';
import { type ParkedRow, ParkedWorkRepository } from './parked-work.repository.js';

/** Committed work that failed so often that nobody tries it any more, until the operator says so. */
@Injectable()
export class ParkedWorkService {
  constructor(
    private readonly database: Database,
    private readonly parked: ParkedWorkRepository,
    private readonly relay: OutboxRelay,
  ) {}

  async list(page: PageRequest): Promise<Page<ParkedRow>> {
    const rows = await this.database.read((tx) => this.parked.list(tx, page));
    return toPage(rows, page.limit, (row) => row);
  }

  /** Has a parked row tried again at once; 404 when it is not parked. */
  async retry(id: string): Promise<void> {
    if ((await this.retryRows(id)) === 0) throw notFound();
  }

  /** Has every parked row tried again; answers how many there were. */
  async retryAll(): Promise<number> {
    return this.retryRows(null);
  }

  private async retryRows(id: string | null): Promise<number> {
    return this.database.transaction(async (tx) => {
      const rows = await this.parked.retry(tx, id);
      this.database.afterCommit(() => {
        for (const row of rows) this.relay.publish(row.topic, row.id);
      });
      return rows.length;
    });
  }
}
