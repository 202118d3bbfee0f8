import { Global, Module } from '@nestjs/common';
import { Outbox } from './outbox.js';
import { OutboxBacklog } from './outbox-backlog.js';
import { OutboxRelay } from './outbox-relay.js';
import { OutboxSweeper } from './outbox-sweeper.js';
import { OutboxTries } from './outbox-tries.js';
import { OutboxTurns } from './outbox-turns.js';
import { ParkedWorkController } from './parked-work.controller.js';
import { ParkedWorkRepository } from './parked-work.repository.js';
import { ParkedWorkService } from './parked-work.service.js';

@Global()
@Module({
  controllers: [ParkedWorkController],
  providers: [
    Outbox,
    OutboxBacklog,
    OutboxRelay,
    OutboxSweeper,
    OutboxTries,
    OutboxTurns,
    ParkedWorkRepository,
    ParkedWorkService,
  ],
  exports: [Outbox, OutboxBacklog, OutboxRelay, OutboxTries, OutboxTurns],
})
export class OutboxModule {}
