import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attributed } from '../support/attributed.js';
import {
  approveBy,
  buildCampaign,
  buildCodeWord,
  buildPartner,
  buildRedemption,
  daysFromNow,
  eur,
  type TestCampaign,
  type TestPartner,
} from '../support/programme.js';
import { eventually } from '../support/eventually.js';
import { testApp, type TestApp } from '../support/test-app.js';

interface Decision {
  id: string;
  status: string;
  reason?: string;
  message?: string;
  reward: unknown;
  discount: { amount: string } | null;
  honouredOverLimit?: boolean;
}

const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();
const receiptOf = (number: string, amount = '50.00') => ({ number, subtotal: eur(amount) });

describe('redeeming at a till', () => {
  let app: TestApp;
  let issuer: TestPartner;
  let redeemer: TestPartner;
  let words = 0;

  beforeAll(async () => {
    app = await testApp();
    issuer = await buildPartner(app.operator);
    redeemer = await buildPartner(app.operator);
  });

  afterAll(() => app?.stop());

  /** A running campaign of its own for each rule, with one code word. */
  const campaignWithWord = async (
    offer: object = {},
    fields: object = {},
    word: object = {},
  ): Promise<TestCampaign & { word: string; wordId: string }> => {
    const campaign = await buildCampaign(app.operator, {
      issuer,
      redeemer,
      offer: { ...offer },
      fields: { ...fields },
    });
    words += 1;
    const name = `WORD ${words}`;
    const wordId = await buildCodeWord(issuer, campaign.offerIds[0]!, name, { ...word });
    return { ...campaign, word: name, wordId };
  };
  const redeem = async (code: string, fields: object = {}): Promise<Decision> =>
    redeemer.pos.must<Decision>(
      201,
      redeemer.pos.post('/v1/redemptions', buildRedemption(redeemer, code, { ...fields })),
    );
  const reasonOf = async (code: string, fields: object = {}): Promise<string | undefined> =>
    (await redeem(code, fields)).reason;

  describe('computes the reward', () => {
    it('a percentage, rounded to the cent', async () => {
      const { word } = await campaignWithWord({ reward: { kind: 'percent', value: '12.5' } });
      expect(await redeem(word, { receipt: receiptOf('p', '33.33') })).toMatchObject({
        status: 'accepted',
        discount: eur('4.17'),
      });
    });

    it('a percentage up to a maximum', async () => {
      const { word } = await campaignWithWord({ maximumDiscount: eur('3.00') });
      expect((await redeem(word)).discount).toEqual(eur('3.00'));
    });

    it('an amount off, never more than the receipt', async () => {
      const { word } = await campaignWithWord({ reward: { kind: 'amount', value: eur('5.00') } });
      expect((await redeem(word)).discount).toEqual(eur('5.00'));
      expect((await redeem(word, { receipt: receiptOf('small', '2.00') })).discount).toEqual(eur('2.00'));
    });

    it('a gift and bonus points, which take nothing off', async () => {
      const gift = await campaignWithWord({
        reward: { kind: 'gift', label: 'Towel', unitCost: eur('1.20') },
      });
      const points = await campaignWithWord({ reward: { kind: 'bonus_points', value: 100 } });
      expect(await redeem(gift.word)).toMatchObject({
        reward: { kind: 'gift', label: 'Towel' },
        discount: eur('0.00'),
      });
      expect(await redeem(points.word)).toMatchObject({
        reward: { kind: 'bonus_points', value: 100 },
        discount: eur('0.00'),
      });
    });

    it('and believes the till about what it really took off', async () => {
      const { word } = await campaignWithWord();
      expect((await redeem(word, { discount: eur('4.99') })).discount).toEqual(eur('4.99'));
    });
  });

  describe('refuses with the reason', () => {
    it('code.unknown, and tells the clerk in the language of the till', async () => {
      const post = buildRedemption(redeemer, 'NEVER HEARD OF');
      const english = await redeemer.pos.post<Decision>('/v1/redemptions', post);
      const russian = await redeemer.pos.post<Decision>('/v1/redemptions', post, {
        'accept-language': 'ru, en;q=0.5',
      });
      expect([english.body.reason, russian.body.reason]).toEqual(['code.unknown', 'code.unknown']);
      expect(russian.body.message).toMatch(/[а-я]/i);
      expect(english.body.message).toMatch(/^[\x20-\x7e’]+$/);
    });

    it('code.unknown for what a scanner garbled, without spoiling the rest of the batch', async () => {
      const { word } = await campaignWithWord();
      const items = [word, 'GAR\u0000BLED', word].map((code) => buildRedemption(redeemer, code));
      const { results } = await redeemer.pos.must<{ results: Decision[] }>(
        200,
        redeemer.pos.post('/v1/redemptions/batch', { items }),
      );
      expect(results.map((one) => one.reason ?? one.status)).toEqual([
        'accepted',
        'code.unknown',
        'accepted',
      ]);
    });

    it('code.not-yours for a code of another partner', async () => {
      const { word } = await campaignWithWord();
      const answer = await issuer.pos.post<Decision>('/v1/redemptions', buildRedemption(issuer, word));
      expect(answer.body.reason).toBe('code.not-yours');
    });

    it('code.revoked from the moment of revocation', async () => {
      const { word, wordId, offerIds } = await campaignWithWord();
      expect(await reasonOf(word)).toBeUndefined();
      expect((await issuer.marketer.delete(`/v1/offers/${offerIds[0]}/code-words/${wordId}`)).status).toBe(
        204,
      );
      expect(await reasonOf(word)).toBe('code.revoked');
    });

    it('code.not-started and code.expired by the days of the code', async () => {
      const later = await campaignWithWord({}, {}, { startsOn: daysFromNow(5) });
      const earlier = await campaignWithWord({}, {}, { expiresOn: daysFromNow(-5) });
      expect([await reasonOf(later.word), await reasonOf(earlier.word)]).toEqual([
        'code.not-started',
        'code.expired',
      ]);
    });

    it('code.used-up', async () => {
      const { word } = await campaignWithWord({}, {}, { maxRedemptions: 1 });
      expect([await reasonOf(word), await reasonOf(word)]).toEqual([undefined, 'code.used-up']);
    });

    it('campaign.not-active before everyone approved, and before the start', async () => {
      const draft = await buildCampaign(app.operator, { issuer, redeemer, approve: false });
      await approveBy(redeemer, draft.id);
      await buildCodeWord(issuer, draft.offerIds[0]!, 'EARLY BIRD');
      expect(await reasonOf('EARLY BIRD')).toBe('campaign.not-active');
      await approveBy(issuer, draft.id);
      expect(await reasonOf('EARLY BIRD')).toBeUndefined();
      const coming = await campaignWithWord({}, { startsOn: daysFromNow(3), endsOn: daysFromNow(9) });
      expect(await reasonOf(coming.word)).toBe('campaign.not-active');
    });

    it('campaign.paused, and takes codes again after it was resumed', async () => {
      const { id, word } = await campaignWithWord();
      await app.operator.must(200, app.operator.post(`/v1/campaigns/${id}/pause`));
      expect(await reasonOf(word)).toBe('campaign.paused');
      await app.operator.must(200, app.operator.post(`/v1/campaigns/${id}/resume`));
      expect(await reasonOf(word)).toBeUndefined();
    });

    it('campaign.ended by its date and by hand', async () => {
      const over = await campaignWithWord({}, { startsOn: daysFromNow(-30), endsOn: daysFromNow(-3) });
      expect(await reasonOf(over.word)).toBe('campaign.ended');
      const stopped = await campaignWithWord();
      await app.operator.must(200, app.operator.post(`/v1/campaigns/${stopped.id}/end`));
      expect(await reasonOf(stopped.word)).toBe('campaign.ended');
    });

    it('offer.limit-reached and offer.daily-limit-reached over all codes of the offer', async () => {
      const total = await campaignWithWord({ totalLimit: 1 });
      await buildCodeWord(issuer, total.offerIds[0]!, `${total.word} B`);
      expect([await reasonOf(total.word), await reasonOf(`${total.word} B`)]).toEqual([
        undefined,
        'offer.limit-reached',
      ]);
      const daily = await campaignWithWord({ dailyLimit: 1 });
      expect([await reasonOf(daily.word), await reasonOf(daily.word)]).toEqual([
        undefined,
        'offer.daily-limit-reached',
      ]);
    });

    it('customer.required and customer.limit-reached, however the customer is spelled', async () => {
      const { word } = await campaignWithWord({ perCustomerLimit: 1 });
      const by = (email: string) => reasonOf(word, { customer: { email } });
      expect([await reasonOf(word), await by('Ann@Example.org'), await by(' ann@example.org')]).toEqual([
        'customer.required',
        undefined,
        'customer.limit-reached',
      ]);
      expect(await by('bob@example.org')).toBeUndefined();
    });

    it('receipt.below-minimum and receipt.already-used', async () => {
      const { word } = await campaignWithWord({ minimumSpend: eur('20.00') });
      expect(await reasonOf(word, { receipt: receiptOf('min', '19.99') })).toBe('receipt.below-minimum');
      expect(await reasonOf(word, { receipt: receiptOf('min', '20.00') })).toBeUndefined();
      expect(await reasonOf(word, { receipt: receiptOf('min', '20.00') })).toBe('receipt.already-used');
    });

    it('channel.not-allowed on paper, and for a key that is bound to another till', async () => {
      const { word } = await campaignWithWord();
      const flyer = await redeemer.admin.must(
        201,
        redeemer.admin.post(`/v1/partners/${redeemer.id}/channels`, { kind: 'print', name: 'Flyer' }),
      );
      expect(await reasonOf(word, { channelId: flyer.id })).toBe('channel.not-allowed');
      const second = await redeemer.admin.must(
        201,
        redeemer.admin.post(`/v1/partners/${redeemer.id}/channels`, { kind: 'pos', name: 'Till 2' }),
      );
      const bound = await redeemer.admin.must(
        201,
        redeemer.admin.post(`/v1/partners/${redeemer.id}/api-keys`, {
          role: 'pos',
          channelId: second.id,
          label: 'till 2',
        }),
      );
      const till = redeemer.pos.as(bound.key!);
      const answer = await till.post<Decision>('/v1/redemptions', buildRedemption(redeemer, word));
      expect(answer.body.reason).toBe('channel.not-allowed');
    });

    it('occurred.in-future for a till clock that runs ahead, occurred.too-old for a late report', async () => {
      const { word } = await campaignWithWord();
      expect(await reasonOf(word, { occurredAt: hoursAgo(-2) })).toBe('occurred.in-future');
      expect(await reasonOf(word, { occurredAt: hoursAgo(73), offline: true })).toBe('occurred.too-old');
      // Whoever runs the till learns what its clock says, to the second.
      await eventually(async () => {
        const { body } = await redeemer.pos.get<{ items: { clockSkewSeconds: number | null }[] }>(
          `/v1/partners/${redeemer.id}/channels`,
        );
        const [skew] = body.items.flatMap(({ clockSkewSeconds }) => clockSkewSeconds ?? []);
        return skew !== undefined && Math.abs(skew - 7_200) <= 60;
      }, 30_000);
      expect((await app.operator.get('/metrics')).text).toMatch(/^tandem_wrong_clocks 1$/m);
    });
  });

  describe('judges offline tills by their own time', () => {
    it('accepts what happened before the end although it arrives after it', async () => {
      const { id, word } = await campaignWithWord();
      await app.operator.must(200, app.operator.post(`/v1/campaigns/${id}/end`));
      expect(await reasonOf(word, { occurredAt: hoursAgo(5), offline: true })).toBeUndefined();
      expect(await reasonOf(word)).toBe('campaign.ended');
    });

    it('refuses them where the campaign says so', async () => {
      const { word } = await campaignWithWord({}, { offlinePolicy: { mode: 'refuse', maxDelayHours: 1 } });
      expect([await reasonOf(word, { offline: true }), await reasonOf(word)]).toEqual([
        'occurred.too-old',
        undefined,
      ]);
    });

    it('honours what the till already gave, and says that it was over the limit', async () => {
      const { word } = await campaignWithWord(
        {},
        { offlinePolicy: { mode: 'honour', bearer: 'funders' } },
        { maxRedemptions: 1 },
      );
      expect(await redeem(word, { offline: true })).toMatchObject({ status: 'accepted' });
      const post = buildRedemption(redeemer, word, { offline: true });
      const answer = await redeemer.pos.post('/v1/redemptions', post);
      const honoured = { status: 'accepted', honouredOverLimit: true, overLimitBearer: 'funders' };
      expect(answer.body).toMatchObject(honoured);
      expect((await redeemer.pos.post('/v1/redemptions', post)).text).toBe(answer.text);
      expect((await issuer.finance.get(`/v1/redemptions/${String(answer.body['id'])}`)).body).toMatchObject(
        honoured,
      );
      expect(await reasonOf(word)).toBe('code.used-up');
    });

    it('records what they gave on refused codes as leakage, in the list and beside the discount in the report', async () => {
      const { id, word } = await campaignWithWord({}, {}, { maxRedemptions: 1 });
      const sold = { offline: true, discount: eur('4.50') };
      expect(await reasonOf(word, sold)).toBeUndefined();
      expect(await reasonOf(word, sold)).toBe('code.used-up');
      const unknown = await redeem('NO SUCH CODE', { ...sold, clerk: 'Leila' });
      await attributed(app.databaseUrl);
      const { figures } = await app.operator.must<{ figures: object }>(
        200,
        issuer.finance.get(`/v1/campaigns/${id}/report`),
      );
      expect(figures).toMatchObject({
        discountGiven: { value: '4.50' },
        leakage: { value: '4.50', parts: { offline: '4.50' } },
      });
      // A code that nobody knows belongs to no campaign: only the partner itself learns what it lost.
      expect((await redeemer.finance.get(`/v1/redemptions/${unknown.id}`)).body).toMatchObject({
        leakedDiscount: eur('4.50'),
        campaignId: null,
      });
    });
  });

  describe('reverses', () => {
    const reverse = (redemption: { externalId?: unknown }, fields: object = {}) => {
      words += 1;
      return redeemer.pos.post<{ status: string; useReturned?: boolean }>('/v1/reversals', {
        externalId: `reversal-${words}`,
        redemptionExternalId: redemption.externalId,
        reason: 'goods returned',
        occurredAt: new Date().toISOString(),
        ...fields,
      });
    };

    it('a redemption once, and frees one use of the code', async () => {
      const { word } = await campaignWithWord(
        { perCustomerLimit: 1, totalLimit: 1, dailyLimit: 1 },
        {},
        { maxRedemptions: 1 },
      );
      const customer = { customer: { reference: 'C1' } };
      const post = buildRedemption(redeemer, word, customer);
      await redeemer.pos.must(201, redeemer.pos.post('/v1/redemptions', post));
      expect(await reasonOf(word, customer)).toBe('code.used-up');
      expect(await reverse(post)).toMatchObject({
        status: 201,
        body: { status: 'applied', useReturned: true },
      });
      expect((await reverse(post)).status).toBe(409);
      expect(await reasonOf(word, customer)).toBeUndefined();
    });

    it('and keeps the use where the campaign never gives it back', async () => {
      const { word } = await campaignWithWord(
        {},
        { reversalPolicy: { returnUse: 'never' } },
        { maxRedemptions: 1 },
      );
      const post = buildRedemption(redeemer, word);
      await redeemer.pos.must(201, redeemer.pos.post('/v1/redemptions', post));
      expect((await reverse(post)).body).toMatchObject({ status: 'applied', useReturned: false });
      expect(await reasonOf(word)).toBe('code.used-up');
    });

    it('the same post sent again is answered alike, with other content refused', async () => {
      const { word } = await campaignWithWord();
      const post = buildRedemption(redeemer, word);
      await redeemer.pos.must(201, redeemer.pos.post('/v1/redemptions', post));
      const same = { externalId: 'twice', occurredAt: '2026-11-01T12:00:00Z' };
      const [first, second, other] = [
        await reverse(post, same),
        await reverse(post, same),
        await reverse(post, { ...same, reason: 'other' }),
      ];
      expect([first.status, second.status, other.status]).toEqual([201, 201, 422]);
      expect(second.text).toBe(first.text);
      expect(second.headers.get('idempotency-replayed')).toBe('true');
    });

    it('two tills that reverse at once: one succeeds', async () => {
      const { word } = await campaignWithWord({}, {}, { maxRedemptions: 1 });
      const post = buildRedemption(redeemer, word);
      await redeemer.pos.must(201, redeemer.pos.post('/v1/redemptions', post));
      const statuses = (await Promise.all([1, 2, 3, 4].map(() => reverse(post)))).map(
        (answer) => answer.status,
      );
      expect(statuses.sort((a, b) => a - b)).toEqual([201, 409, 409, 409]);
      expect([await reasonOf(word), await reasonOf(word)]).toEqual([undefined, 'code.used-up']);
    });

    it('also before the redemption has arrived', async () => {
      const { id, word } = await campaignWithWord({}, {}, { maxRedemptions: 1 });
      const post = buildRedemption(redeemer, word);
      expect((await reverse(post)).body).toMatchObject({ status: 'pending' });
      expect(await redeemer.pos.must(201, redeemer.pos.post('/v1/redemptions', post))).toMatchObject({
        status: 'accepted',
      });
      await attributed(app.databaseUrl);
      await eventually(async () => (await reasonOf(word)) === undefined, 5_000);
      await attributed(app.databaseUrl);
      const { body } = await redeemer.finance.get<{ figures: object }>(`/v1/campaigns/${id}/report`);
      expect(body.figures).toMatchObject({
        acceptedRedemptions: { value: '1' },
        revenue: { value: '45.00' },
      });
    });

    it('nothing that was refused', async () => {
      const post = buildRedemption(redeemer, 'NEVER HEARD OF');
      await redeemer.pos.must(201, redeemer.pos.post('/v1/redemptions', post));
      expect(await reverse(post)).toMatchObject({ status: 409, body: { code: 'redemption.not-accepted' } });
    });
  });

  it('a validation says what a redemption would be answered, and takes no use', async () => {
    const { word } = await campaignWithWord({ minimumSpend: eur('20.00') }, {}, { maxRedemptions: 1 });
    const ask = (amount: string) =>
      redeemer.pos.post('/v1/validations', {
        code: word,
        channelId: redeemer.channelId,
        receipt: receiptOf('v', amount),
      });
    expect((await ask('10.00')).body).toMatchObject({ valid: false, reason: 'receipt.below-minimum' });
    for (let turn = 0; turn < 3; turn += 1)
      expect((await ask('30.00')).body).toMatchObject({ valid: true, discount: eur('3.00') });
    expect(await reasonOf(word)).toBeUndefined();
    expect((await ask('30.00')).body).toMatchObject({ valid: false, reason: 'code.used-up' });
  });

  it('a validation before there is a receipt asks about the code only', async () => {
    const { word } = await campaignWithWord({ minimumSpend: eur('20.00') });
    const ask = (fields: object) =>
      redeemer.pos.post('/v1/validations', { code: word, channelId: redeemer.channelId, ...fields });
    expect((await ask({})).body).toMatchObject({ valid: true, reward: { kind: 'percent' }, discount: null });
    const dollars = { receipt: { number: 'usd', subtotal: { amount: '30.00', currency: 'USD' } } };
    expect(await ask(dollars)).toMatchObject({ status: 422, body: { code: 'currency.mismatch' } });
  });

  it('a code word is taken in any case, spacing and look-alike alphabet', async () => {
    const { offerIds } = await campaignWithWord();
    await buildCodeWord(issuer, offerIds[0]!, 'Café 10');
    for (const typed of ['CAFE10', 'cafe-10', 'c a f é 1 0', 'САFE10', 'cafe۱۰', 'ＣＡＦＥ１０']) {
      expect([typed, (await redeem(typed)).status]).toEqual([typed, 'accepted']);
    }
  });

  describe('asks the clerk for the word that was nearly typed', () => {
    let gym: TestPartner;
    let cafe: TestPartner;

    beforeAll(async () => {
      gym = await buildPartner(app.operator);
      cafe = await buildPartner(app.operator);
      const [taken, given] = [
        await buildCampaign(app.operator, { issuer: cafe, redeemer: gym }),
        await buildCampaign(app.operator, { issuer: gym, redeemer: cafe }),
      ];
      for (const word of ['Gym-10', 'Flat 20', 'Flat 30', 'SPA'])
        await buildCodeWord(cafe, taken.offerIds[0]!, word);
      await buildCodeWord(gym, given.offerIds[0]!, 'LATTE');
    });

    const answer = (code: string, fields: object = {}, language = 'en') =>
      gym.pos.must<Decision & { hint?: string }>(
        201,
        gym.pos.post('/v1/redemptions', buildRedemption(gym, code, { ...fields }), {
          'accept-language': language,
        }),
      );

    it('in a redemption and in a validation, in the language of the till', async () => {
      expect(await answer('GIM 10')).toMatchObject({
        status: 'refused',
        reason: 'code.unknown',
        hint: 'Gym-10',
        message: 'Did you mean Gym-10? If not, there is no such code: sell without the discount.',
      });
      expect((await answer('gym01', {}, 'ru')).message).toMatch(/^Может быть, Gym-10\?/);
      const asked = await gym.pos.post('/v1/validations', { code: 'ГYM10', channelId: gym.channelId });
      expect(asked.body).toMatchObject({ valid: false, reason: 'code.unknown', hint: 'Gym-10' });
    });

    it('in each online item of a batch, and in none that an offline till reports', async () => {
      const items = [{}, { offline: true }].map((fields) => buildRedemption(gym, 'GYM1', { ...fields }));
      const { results } = await gym.pos.must<{ results: { hint?: string; message: string }[] }>(
        200,
        gym.pos.post('/v1/redemptions/batch', { items }),
      );
      expect(results.map((one) => one.hint)).toEqual(['Gym-10', undefined]);
      expect(results[1]?.message).toMatch(/^There is no such code/);
    });

    it.each([
      ['when nothing is near', 'SUMMER'],
      ['when two words are equally near', 'FLAT40'],
      ['when the word is too short', 'SPAR'],
      ["when it is another partner's word", 'LATE'],
    ])('but not %s', async (_, code) => {
      const { reason, hint, message } = await answer(code);
      expect([reason, hint]).toEqual(['code.unknown', undefined]);
      expect(message).toMatch(/^There is no such code/);
    });

    it('again when the same post is repeated, and not when it is looked up later', async () => {
      const post = buildRedemption(gym, 'GYM100');
      const [first, second] = [
        await gym.pos.post('/v1/redemptions', post),
        await gym.pos.post('/v1/redemptions', post),
      ];
      expect([first.body.hint, second.text]).toEqual(['Gym-10', first.text]);
      const stored = await gym.pos.get(`/v1/redemptions/${String(first.body.id)}`);
      expect(stored.body).toMatchObject({ reason: 'code.unknown', code: 'GYM100' });
      expect(stored.body).not.toHaveProperty('hint');
    });
  });

  it('a change of terms counts from its approval, and what was decided keeps its version', async () => {
    const { id, offerIds, word } = await campaignWithWord();
    const before = await redeem(word);
    const { headers } = await app.operator.get(`/v1/campaigns/${id}`);
    const offers = [{ id: offerIds[0], reward: { kind: 'percent', value: '20' } }];
    await app.operator.must(
      200,
      app.operator.patch(`/v1/campaigns/${id}`, { offers }, { 'if-match': headers.get('etag')! }),
    );
    expect((await redeem(word)).discount).toEqual(eur('5.00'));
    await approveBy(issuer, id);
    await approveBy(redeemer, id);
    expect((await redeem(word)).discount).toEqual(eur('10.00'));
    const kept = await redeemer.marketer.get(`/v1/redemptions/${before.id}`);
    expect(kept.body).toMatchObject({
      termsVersion: 1,
      reward: { kind: 'percent', value: '10' },
      discount: eur('5.00'),
    });
  });

  it('other participants see the campaign fields of a redemption only', async () => {
    const { id, word } = await campaignWithWord();
    const decision = await redeem(word, { clerk: 'Olga' });
    const own = await redeemer.marketer.get(`/v1/redemptions/${decision.id}`);
    const other = await issuer.marketer.get(`/v1/redemptions/${decision.id}`);
    const ofTheRedeemer = ['externalId', 'subtotal', 'code', 'clerk', 'receiptNumber'];
    expect(own.body).toMatchObject({ code: word, clerk: 'Olga', subtotal: eur('50.00') });
    expect(Object.keys(own.body)).toEqual(expect.arrayContaining(ofTheRedeemer));
    expect(ofTheRedeemer.filter((field) => field in other.body)).toEqual([]);
    expect((await issuer.marketer.get(`/v1/redemptions?campaign=${id}`)).body).toMatchObject({
      items: [{ id: decision.id }],
    });
    const listed = await issuer.marketer.get<{ items: { redeemerPartnerId: string }[] }>('/v1/redemptions');
    expect(listed.body.items.filter((item) => item.redeemerPartnerId !== issuer.id)).toEqual([]);
  });

  it('an Idempotency-Key makes a repeated POST harmless, and is not taken for another request', async () => {
    const body = { name: 'Once', country: 'DE', currency: 'EUR', timeZone: 'Europe/Berlin' };
    const key = { 'idempotency-key': 'partner-once' };
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map(() => app.operator.post('/v1/partners', body, key)),
    );
    expect(new Set(answers.map((answer) => `${answer.status} ${answer.text}`)).size).toBe(1);
    expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') === 'true')).toHaveLength(4);
    const other = await app.operator.post('/v1/partners', { ...body, name: 'Other' }, key);
    expect([other.status, other.body['code']]).toEqual([422, 'idempotency-key.reused']);
  });
});
