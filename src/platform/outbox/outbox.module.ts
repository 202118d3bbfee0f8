import { Global, Module } from '@nestjs/common';
import { Outbox } from './outbox.js';
import { OutboxRelay } from './outbox-relay.js';
import { OutboxSweeper } from './outbox-sweeper.js';

@Global()
@Module({ providers: [Outbox, OutboxRelay, OutboxSweeper], exports: [Outbox, OutboxRelay, OutboxSweeper] })
export class OutboxModule {}
