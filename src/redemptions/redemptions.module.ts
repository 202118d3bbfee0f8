import { Module } from '@nestjs/common';
import { CampaignsModule } from '../campaigns/campaigns.module.js';
import { CodesModule } from '../codes/codes.module.js';
import { PartnersModule } from '../partners/partners.module.js';
import { RatesModule } from '../rates/rates.module.js';
import { GuessGuard } from './guess-guard.js';
import { GuessLockRepository } from './guess-lock.repository.js';
import { GuessLocksController } from './guess-locks.controller.js';
import { GuessLocksService } from './guess-locks.service.js';
import { GuessRecorder } from './guess-recorder.js';
import { DecisionReads } from './intake/decision-reads.js';
import { DecisionWriter } from './intake/decision-writer.js';
import { CodeStates } from './intake/code-states.js';
import { DecideBatchService } from './intake/decide-batch.service.js';
import { DecisionBatcher } from './intake/decision-batcher.js';
import { DecisionContext } from './intake/decision-context.js';
import { RedemptionRepository } from './intake/redemption.repository.js';
import { SubmissionFactory } from './intake/submission-factory.js';
import { KnownGuessLocks } from './known-guess-locks.js';
import { LookupFollowUp } from './lookup-follow-up.js';
import { NearMissHints } from './near-miss-hints.js';
import { ClockWatch } from './clock-watch.service.js';
import { QuestionJudge } from './question-judge.js';
import { RedeemService } from './redeem.service.js';
import { RedemptionReadModel } from './redemption.read-model.js';
import { RedemptionsController } from './redemptions.controller.js';
import { ReservationRepository } from './reservation.repository.js';
import { ReservationsController } from './reservations.controller.js';
import { ReserveService } from './reserve.service.js';
import { ReversalCommands } from './reversal.commands.js';
import { ReversalRepository } from './reversal.repository.js';
import { ReversalsController } from './reversals.controller.js';
import { ReverseService } from './reverse.service.js';
import { StoredReversalRepository } from './stored-reversal.repository.js';
import { ValidateService } from './validate.service.js';
import { WaitingReversals } from './waiting-reversals.read-model.js';

@Module({
  imports: [PartnersModule, CampaignsModule, CodesModule, RatesModule],
  controllers: [RedemptionsController, ReservationsController, ReversalsController, GuessLocksController],
  providers: [
    DecisionReads,
    DecisionWriter,
    CodeStates,
    DecideBatchService,
    DecisionBatcher,
    DecisionContext,
    GuessGuard,
    GuessLockRepository,
    GuessLocksService,
    GuessRecorder,
    KnownGuessLocks,
    LookupFollowUp,
    NearMissHints,
    ClockWatch,
    QuestionJudge,
    RedeemService,
    RedemptionReadModel,
    RedemptionRepository,
    ReservationRepository,
    ReserveService,
    ReversalCommands,
    ReversalRepository,
    ReverseService,
    StoredReversalRepository,
    SubmissionFactory,
    ValidateService,
    WaitingReversals,
  ],
  exports: [ReversalCommands, RedemptionReadModel, WaitingReversals],
})
export class RedemptionsModule {}
