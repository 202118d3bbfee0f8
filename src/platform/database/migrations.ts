import { CreatePartners1763800000001 } from '../../../migrations/1763800000001-create-partners.js';
import { CreateCampaigns1763800000002 } from '../../../migrations/1763800000002-create-campaigns.js';
import { CreateCodes1763800000003 } from '../../../migrations/1763800000003-create-codes.js';
import { CreateReceipts1763800000004 } from '../../../migrations/1763800000004-create-receipts.js';
import { CreateRedemptions1763800000005 } from '../../../migrations/1763800000005-create-redemptions.js';
import { CreateAttribution1763800000006 } from '../../../migrations/1763800000006-create-attribution.js';
import { CreateOutbox1763800000007 } from '../../../migrations/1763800000007-create-outbox.js';
import { CreateIssuances1763800000008 } from '../../../migrations/1763800000008-create-issuances.js';
import { AllowPartialReversals1763800000009 } from '../../../migrations/1763800000009-allow-partial-reversals.js';
import { AddOfflineReporting1763800000010 } from '../../../migrations/1763800000010-add-offline-reporting.js';
import { CreateGuessLocks1763800000011 } from '../../../migrations/1763800000011-create-guess-locks.js';
import { ShareOutboxAmongWorkers1763800000012 } from '../../../migrations/1763800000012-share-outbox-among-workers.js';
import { CreateReservationsAndBudgets1763800000013 } from '../../../migrations/1763800000013-create-reservations-and-budgets.js';
import { MergeReceiptsIntoRedemptionFacts1763800000016 } from '../../../migrations/1763800000016-merge-receipts-into-redemption-facts.js';
import { AddMatchIds1763800000020 } from '../../../migrations/1763800000020-add-match-ids.js';
import { CreateTouches1763800000021 } from '../../../migrations/1763800000021-create-touches.js';
import { CreatePlacementLinks1763800000022 } from '../../../migrations/1763800000022-create-placement-links.js';
import { CreateCustomerErasures1763800000023 } from '../../../migrations/1763800000023-create-customer-erasures.js';
import { AddControlChannels1763800000030 } from '../../../migrations/1763800000030-add-control-channels.js';
import { AddHoldOutShare1763800000032 } from '../../../migrations/1763800000032-add-hold-out-share.js';
import { CreateHoldOutCustomers1763800000033 } from '../../../migrations/1763800000033-create-hold-out-customers.js';
import { CreatePairAndClerkRollups1763800000040 } from '../../../migrations/1763800000040-create-pair-and-clerk-rollups.js';
import { AddReciprocityTolerance1763800000041 } from '../../../migrations/1763800000041-add-reciprocity-tolerance.js';
import { CreateExchangeRates1763800000055 } from '../../../migrations/1763800000055-create-exchange-rates.js';
import { ConvertFacts1763800000056 } from '../../../migrations/1763800000056-convert-facts.js';

/** All migrations, oldest first. Listed rather than found by a pattern, so that the sources, dist and the tests run the same ones. */
export const MIGRATIONS = [
  CreatePartners1763800000001,
  CreateCampaigns1763800000002,
  CreateCodes1763800000003,
  CreateReceipts1763800000004,
  CreateRedemptions1763800000005,
  CreateAttribution1763800000006,
  CreateOutbox1763800000007,
  CreateIssuances1763800000008,
  AllowPartialReversals1763800000009,
  AddOfflineReporting1763800000010,
  CreateGuessLocks1763800000011,
  ShareOutboxAmongWorkers1763800000012,
  CreateReservationsAndBudgets1763800000013,
  MergeReceiptsIntoRedemptionFacts1763800000016,
  AddMatchIds1763800000020,
  CreateTouches1763800000021,
  CreatePlacementLinks1763800000022,
  CreateCustomerErasures1763800000023,
  AddControlChannels1763800000030,
  AddHoldOutShare1763800000032,
  CreateHoldOutCustomers1763800000033,
  CreatePairAndClerkRollups1763800000040,
  AddReciprocityTolerance1763800000041,
  CreateExchangeRates1763800000055,
  ConvertFacts1763800000056,
];
