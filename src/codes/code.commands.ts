import { Injectable } from '@nestjs/common';
import { TandemError } from '../kernel/errors.js';
import type { Tx } from '../platform/database/tx.js';

/** Uses of one code; `uses` is at least 1 and each code comes once. */
export interface CodeUses {
  readonly redeemerPartnerId: string;
  readonly codeId: string;
  readonly uses: number;
}

const CLAIMS = 'unnest($1::uuid[], $2::uuid[], $3::integer[]) as k (redeemer_partner_id, id, uses)';

/** Changes to codes that follow from redemptions. */
@Injectable()
export class CodeCommands {
  /**
   * Takes uses. The caller holds the codes locked (`lockForDecision`), so that they are there, and has decided that the uses are
   * left; the constraint on `codes` is the last guard.
   */
  async claimUses(tx: Tx, claims: readonly CodeUses[]): Promise<void> {
    if (claims.length === 0) return;
    await tx.prepared(
      'code_claim_uses',
      `update codes c set uses = c.uses + k.uses
         from (select * from ${CLAIMS} limit cardinality($1::uuid[])) as k
        where c.redeemer_partner_id = k.redeemer_partner_id and c.id = k.id`,
      toArrays(claims),
    );
  }

  /** Gives uses back; locks the codes in the same order as a decision does. Throws when a code has fewer uses than that. */
  async releaseUses(tx: Tx, releases: readonly CodeUses[]): Promise<void> {
    if (releases.length === 0) return;
    const released = await tx.prepared(
      'code_release_uses',
      `with held as materialized (
         select h.redeemer_partner_id, h.id, k.uses
           from ${CLAIMS}
           join codes h on h.redeemer_partner_id = k.redeemer_partner_id and h.id = k.id
          order by h.redeemer_partner_id, h.id
            for update of h
       )
       update codes c set uses = c.uses - held.uses
         from held
        where c.redeemer_partner_id = held.redeemer_partner_id and c.id = held.id and c.uses >= held.uses
       returning c.id`,
      toArrays(releases),
    );
    if (released.length !== releases.length) throw mismatch(releases.length, released.length);
  }
}

function toArrays(uses: readonly CodeUses[]): [string[], string[], number[]] {
  return [
    uses.map((one) => one.redeemerPartnerId),
    uses.map((one) => one.codeId),
    uses.map((one) => one.uses),
  ];
}

function mismatch(wanted: number, done: number): TandemError {
  return new TandemError(
    'unexpected',
    'codes.uses-mismatch',
    `${wanted} codes were to give uses back and ${done} had them`,
  );
}
