import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { ratio } from '../kernel/ratio.js';
import {
  approvalRequest,
  createCampaignRequest,
  patchCampaignRequest,
  toAgreementChanges,
  toProposedAgreement,
} from './campaigns.dto.js';

const CAFE = '01890000-0000-7000-8000-00000000000a';
const GYM = '01890000-0000-7000-8000-00000000000b';
const OFFER = '01890000-0000-7000-8000-00000000000c';

const offer = {
  issuerPartnerId: CAFE,
  redeemerPartnerId: GYM,
  reward: { kind: 'percent', value: '10' },
};
const campaign = {
  name: 'June',
  kind: 'tactical',
  currency: 'EUR',
  timeZone: 'Europe/Berlin',
  startsOn: '2026-06-01',
  endsOn: '2026-06-30',
  participants: [
    { partnerId: CAFE, role: 'wagon' },
    { partnerId: GYM, role: 'locomotive' },
  ],
  offers: [offer],
};

/** The paths that the schema objects to. */
function faults(schema: z.ZodType, body: unknown): string[] {
  return schema.safeParse(body).error?.issues.map(({ path }) => path.join('/')) ?? [];
}
const rewarded = (reward: unknown) =>
  faults(createCampaignRequest, { ...campaign, offers: [{ ...offer, reward }] });

describe('createCampaignRequest', () => {
  it('fills in what the contract says for absent fields', () => {
    const { terms, offers } = toProposedAgreement(createCampaignRequest.parse(campaign));
    expect(terms).toEqual({
      startsOn: '2026-06-01',
      endsOn: '2026-06-30',
      redeemUntil: null,
      incomeBasis: 'revenue',
      newCustomerLookbackDays: 365,
      returningAfterDays: 0,
      attributionLookbackDays: 30,
      reversalPolicy: { returnUse: 'always', voidMinutes: null },
      offlinePolicy: { mode: 'accept', maxDelayHours: 72 },
      budget: null,
      controlChannels: [],
      reciprocityTolerance: null,
      holdOutShare: null,
      targets: [],
    });
    expect(offers[0]?.conditions).toMatchObject({ minimumSpend: null, totalLimit: null });
  });

  it('refuses fields that have no effect yet', () => {
    const funded = { ...campaign, offers: [{ ...offer, funding: {} }] };
    expect(createCampaignRequest.safeParse(funded).success).toBe(false);
  });

  it('takes percentages above 0 up to 100, with at most six decimals', () => {
    for (const value of ['0.000001', '12.5', '100']) expect(rewarded({ kind: 'percent', value })).toEqual([]);
    for (const value of ['0', '100.000001', '-1', '1e1', 'ten', '0.0000001', 10]) {
      expect(rewarded({ kind: 'percent', value })).toEqual(['offers/0/reward/value']);
    }
  });

  it('takes amounts above 0, and gifts with and without a cost', () => {
    const money = (amount: string) => ({ amount, currency: 'EUR' });
    expect(rewarded({ kind: 'amount', value: money('5.00') })).toEqual([]);
    expect(rewarded({ kind: 'amount', value: money('0') })).toEqual(['offers/0/reward/value']);
    expect(rewarded({ kind: 'amount', value: money('5.001') })).toContain('offers/0/reward/value/amount');
    expect(rewarded({ kind: 'gift', label: 'Espresso' })).toEqual([]);
    expect(rewarded({ kind: 'gift', label: 'Espresso', unitCost: money('0.40') })).toEqual([]);
    expect(rewarded({ kind: 'gift', label: 'Espresso', value: '1' })).toEqual(['offers/0/reward']);
    expect(rewarded({ kind: 'bonus_points', value: 0.5 })).toEqual(['offers/0/reward/value']);
    expect(rewarded({ kind: 'cashback', value: '1' })).toEqual(['offers/0/reward/kind']);
  });

  it('takes a receipt, a ceiling and days for issuance, each of which may be left out', () => {
    const issued = (issuance: unknown) =>
      faults(createCampaignRequest, { ...campaign, offers: [{ ...offer, issuance }] });
    const parsed = createCampaignRequest.parse({
      ...campaign,
      offers: [{ ...offer, issuance: { ceiling: 50 } }],
    });
    expect(parsed.offers[0]?.conditions.issuance).toEqual({
      minimumReceipt: null,
      ceiling: 50,
      validDays: null,
    });
    expect(issued({ minimumReceipt: { amount: '50.00', currency: 'EUR' }, validDays: 0 })).toEqual([]);
    expect(issued(null)).toEqual([]);
    expect(issued({ minimumReceipt: { amount: '0', currency: 'EUR' } })).toEqual([
      'offers/0/issuance/minimumReceipt',
    ]);
    expect(issued({ ceiling: 0 })).toEqual(['offers/0/issuance/ceiling']);
    expect(issued({ validDays: -1 })).toEqual(['offers/0/issuance/validDays']);
    expect(issued({ pattern: 'FUEL-####' })).toEqual(['offers/0/issuance']);
  });

  it('wants the minutes of a void exactly where only a void gives the use back', () => {
    const policy = (reversalPolicy: object) => faults(createCampaignRequest, { ...campaign, reversalPolicy });
    expect(policy({ returnUse: 'void_only', voidMinutes: 30 })).toEqual([]);
    expect(policy({ returnUse: 'never' })).toEqual([]);
    expect(policy({ returnUse: 'void_only' })).toEqual(['reversalPolicy/voidMinutes']);
    expect(policy({ returnUse: 'always', voidMinutes: 30 })).toEqual(['reversalPolicy/voidMinutes']);
  });

  it('lets offline tills report up to a million hours late', () => {
    const policy = (maxDelayHours: number) =>
      faults(createCampaignRequest, { ...campaign, offlinePolicy: { mode: 'accept', maxDelayHours } });
    expect([policy(0), policy(1_000_000)]).toEqual([[], []]);
    expect(policy(1_000_001)).toEqual(['offlinePolicy/maxDelayHours']);
    expect(policy(-1)).toEqual(['offlinePolicy/maxDelayHours']);
  });

  it('asks who bears what is honoured over a limit exactly where something is honoured, else the redeemer does', () => {
    const policy = (offlinePolicy: object) =>
      createCampaignRequest.safeParse({ ...campaign, offlinePolicy }).data?.offlinePolicy;
    const honour = { mode: 'honour', maxDelayHours: 72 };
    expect(policy({ mode: 'honour' })).toEqual({ ...honour, bearer: 'redeemer' });
    expect(policy({ ...honour, bearer: 'funders' })).toEqual({ ...honour, bearer: 'funders' });
    expect(policy({ ...honour, bearer: 'issuer' })).toBeUndefined();
    expect(policy({ mode: 'accept', bearer: 'funders' })).toBeUndefined();
  });

  it('needs at least one participant and one offer', () => {
    expect(faults(createCampaignRequest, { ...campaign, participants: [], offers: [] })).toEqual([
      'participants',
      'offers',
    ]);
  });
});

describe('patchCampaignRequest', () => {
  it('changes nothing that is not named', () => {
    expect(toAgreementChanges(patchCampaignRequest.parse({}))).toEqual({ terms: {}, offers: [] });
  });

  it('tells offers to change from offers to add, and null from absent', () => {
    const changes = toAgreementChanges(
      patchCampaignRequest.parse({ redeemUntil: null, offers: [{ id: OFFER, totalLimit: null }, offer] }),
    );
    expect(changes.terms).toEqual({ redeemUntil: null });
    expect(changes.offers[0]).toEqual({ id: OFFER, conditions: { totalLimit: null } });
    expect(changes.offers[1]).toMatchObject({ issuerPartnerId: CAFE, conditions: { totalLimit: null } });
  });

  it('replaces what was agreed about issuance as a whole, and clears it with null', () => {
    const change = (issuance: unknown) =>
      toAgreementChanges(patchCampaignRequest.parse({ offers: [{ id: OFFER, issuance }] })).offers[0]
        ?.conditions;
    const none = { minimumReceipt: null, ceiling: null, validDays: null };
    expect(change({ validDays: 30 })).toEqual({ issuance: { ...none, validDays: 30 } });
    expect(change(null)).toEqual({ issuance: none });
    expect(change(undefined)).toEqual({});
  });

  it('wants a new offer complete, and the parties of an old one left alone', () => {
    expect(faults(patchCampaignRequest, { offers: [{ totalLimit: 5 }] })).toEqual([
      'offers/0/issuerPartnerId',
      'offers/0/redeemerPartnerId',
      'offers/0/reward',
    ]);
    expect(faults(patchCampaignRequest, { offers: [{ id: OFFER, redeemerPartnerId: CAFE }] })).toEqual([
      'offers/0/redeemerPartnerId',
    ]);
  });

  it('does not clear what a campaign cannot be without', () => {
    expect(faults(patchCampaignRequest, { name: null, endsOn: null, incomeBasis: null })).toEqual([
      'name',
      'endsOn',
      'incomeBasis',
    ]);
  });
});

describe('approvalRequest', () => {
  it('needs no body', () => {
    expect([
      approvalRequest.parse(undefined),
      approvalRequest.parse(null),
      approvalRequest.parse({}),
    ]).toEqual([{}, {}, {}]);
  });

  it('refuses a field it does not know', () => {
    expect(approvalRequest.safeParse({ approve: true }).success).toBe(false);
  });
});

describe('targets and the reciprocity tolerance', () => {
  const target = { metric: 'newCustomers', value: '500' };

  it('are exact decimals', () => {
    const given = { targets: [{ ...target, value: '3.75', partnerId: GYM }], reciprocityTolerance: '12.5' };
    const { terms } = toProposedAgreement(createCampaignRequest.parse({ ...campaign, ...given }));
    expect(terms.targets).toEqual([{ metric: 'newCustomers', partnerId: GYM, value: ratio(15n, 4n) }]);
    expect(terms.reciprocityTolerance).toEqual(ratio(25n, 2n));
  });

  it.each([
    [{ targets: [{ ...target, metric: 'happiness' }] }, 'targets/0/metric'],
    [{ targets: [{ ...target, value: '0' }] }, 'targets/0/value'],
    [{ targets: [{ ...target, value: '-1' }] }, 'targets/0/value'],
    [{ targets: [{ ...target, value: 500 }] }, 'targets/0/value'],
    [{ targets: [{ ...target, value: '1e3' }] }, 'targets/0/value'],
    [{ targets: [{ ...target, unit: 'EUR' }] }, 'targets/0'],
    [{ targets: Array(51).fill(target) }, 'targets'],
    [{ reciprocityTolerance: '101' }, 'reciprocityTolerance'],
    [{ reciprocityTolerance: 20 }, 'reciprocityTolerance'],
    [{ reciprocityTolerance: 'NaN' }, 'reciprocityTolerance'],
    [{ holdOutShare: '0' }, 'holdOutShare'],
    [{ holdOutShare: '0.000' }, 'holdOutShare'],
    [{ holdOutShare: '0.501' }, 'holdOutShare'],
    [{ holdOutShare: '0.1234' }, 'holdOutShare'],
    [{ holdOutShare: 0.1 }, 'holdOutShare'],
  ])('%j is refused', (fields, path) => {
    expect(faults(createCampaignRequest, { ...campaign, ...fields })).toContain(path);
  });

  it('a patch without them leaves them as they are, null and an empty list clear them', () => {
    expect(toAgreementChanges(patchCampaignRequest.parse({ name: 'July' })).terms).toEqual({});
    const cleared = patchCampaignRequest.parse({ reciprocityTolerance: null, targets: [] });
    expect(toAgreementChanges(cleared).terms).toEqual({ reciprocityTolerance: null, targets: [] });
  });
});
