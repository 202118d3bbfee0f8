import { Global, Module } from '@nestjs/common';
import { Outbox } from './outbox.js';
import { OutboxBacklog } from './outbox-backlog.js';
import { OutboxRelay } from './outbox-relay.js';
import { OutboxSweeper } from './outbox-sweeper.js';

@Global()
@Module({
  providers: [Outbox, OutboxBacklog, OutboxRelay, OutboxSweeper],
  exports: [Outbox, OutboxBacklog, OutboxRelay],
})
export class OutboxModule {}
