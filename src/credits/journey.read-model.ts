import { Injectable } from '@nestjs/common';
import type { Journey } from '../attribution/domain/journey.js';
import type { LocalPeriod } from '../kernel/period.js';
import type { Tx } from '../platform/database/tx.js';
import type { CreditPlacement } from './domain/credit-groups.js';
import { JOURNEYS, JOURNEYS_BY_PATH } from './journeys.sql.js';

/** What journeys are read for. */
export interface JourneyQuestion {
  readonly campaignId: string;
  /** Local days in the campaign's time zone. */
  readonly period: LocalPeriod;
  readonly timeZone: string;
  /** By the terms in force; for redemptions those count under which they were decided. */
  readonly lookbackDays: number;
  /** The number of the party that each placement belongs to. */
  readonly parties: ReadonlyMap<string, number>;
  /** Whether ages matter; where they do not, journeys with the same parties come together. */
  readonly hasAges: boolean;
}

interface JourneyRow {
  readonly owner: number | null;
  readonly conversions: number;
  readonly nulls: number;
  readonly value: string;
  readonly path: string;
  readonly ages: string | null;
}

/** Some milliseconds of work for the models, so that others of this process get their turn between two pages. */
const PAGE = 1_000;

/** The first page comes when all touches are sorted, which takes minutes for tens of millions of them; others have a minute. */
const LONGEST_READ = '10min';

/** The journeys of a campaign, and the placements they touch. */
@Injectable()
export class JourneyReadModel {
  /**
   * Journeys in no particular order, a page at a time: a cursor of the server, so that memory does not depend on how many there are.
   * Give it a snapshot; it may be open once.
   */
  async *journeys(tx: Tx, question: JourneyQuestion): AsyncGenerator<Journey[]> {
    const { campaignId, period, timeZone, lookbackDays, parties, hasAges } = question;
    await tx.execute(`set local statement_timeout = '${LONGEST_READ}'`);
    await tx.execute(`declare journeys no scroll cursor for ${hasAges ? JOURNEYS : JOURNEYS_BY_PATH}`, [
      ...[campaignId, period.from, period.to],
      ...[JSON.stringify(Object.fromEntries(parties)), timeZone, lookbackDays],
    ]);
    for (;;) {
      const rows = await tx.rows<JourneyRow>(`fetch ${PAGE} from journeys`);
      if (rows.length === 0) break;
      yield rows.map(toJourney);
    }
    await tx.execute('close journeys');
  }

  /** Every placement at which codes of the campaign were ever handed out, by id. */
  async placements(tx: Tx, campaignId: string): Promise<CreditPlacement[]> {
    return tx.rows<CreditPlacement>(
      `select p.id, p.offer_id as "offerId", o.issuer_partner_id as "issuerPartnerId", p.channel_id as "channelId",
              c.name as "channelName", p.label
         from offers as o
         join placements as p on p.offer_id = o.id
         left join channels as c on c.id = p.channel_id
        where o.campaign_id = $1
        order by p.id`,
      [campaignId],
    );
  }
}

function toJourney({ owner, conversions, nulls, value, path, ages }: JourneyRow): Journey {
  const parties = path.split(',').map(Number);
  return {
    ...{ parties, codeOwner: owner ?? undefined, conversions, nulls, value: BigInt(value) },
    ages: ages === null ? parties.map(() => 0) : ages.split(',').map((seconds) => Number(seconds) * 1_000),
  };
}
