import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { buildCampaign, buildCodeWord, buildPartner, type TestPartner } from '../support/programme.js';
import { testApp, type TestApp } from '../support/test-app.js';

interface Link {
  readonly id: string;
  readonly token: string;
  readonly url: string;
  readonly qr: string;
}

const PHONE = { 'user-agent': 'Mozilla/5.0 (Linux; Android 15) Mobile Safari/537.36' };
const TARGET = 'https://shop.example/promo?a=%20b#top';

let app: TestApp;
let client: pg.Client;
let cafe: TestPartner;
let gym: TestPartner;
let stranger: TestPartner;
let offerId: string;
let placementId: string;
/** Addresses of visitors: each test has its own, so that the limit of one does not reach into another. */
let address = 0;

beforeAll(async () => {
  app = await testApp({ PUBLIC_URL: 'https://go.example/', TRUSTED_PROXIES: '127.0.0.1,::1' });
  client = new pg.Client(app.databaseUrl);
  await client.connect();
  cafe = await buildPartner(app.operator);
  gym = await buildPartner(app.operator);
  stranger = await buildPartner(app.operator);
  offerId = (await buildCampaign(app.operator, { issuer: cafe, redeemer: gym })).offerIds[0]!;
  placementId = await placementOf(offerId, 'LINKED');
}, 60_000);

afterAll(async () => {
  await client.end();
  await app?.stop();
});

async function placementOf(offer: string, word: string): Promise<string> {
  await buildCodeWord(cafe, offer, word, { placement: { channelId: cafe.channelId, label: word } });
  const path = `/v1/offers/${offer}/placements`;
  const { items } = await cafe.marketer.must<{ items: { id: string; label: string }[] }>(
    200,
    cafe.marketer.get(path),
  );
  return items.find(({ label }) => label === word)!.id;
}

function makeLink(targetUrl = TARGET): Promise<Link> {
  return cafe.marketer.must<Link>(
    201,
    cafe.marketer.post(`/v1/placements/${placementId}/links`, { targetUrl }),
  );
}

function visitor(): Record<string, string> {
  address += 1;
  return { ...PHONE, 'x-forwarded-for': `198.51.${address >> 8}.${address & 255}` };
}

/** Without a key, and without going on to the target. `sec-` headers can be set this way too. */
function follow(
  token: string,
  { method = 'GET', headers = visitor() }: { method?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; headers: Record<string, unknown>; location: string; clickId: string | null }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${app.url}/t/${token}`, { method, headers }, (answer) => {
      answer.resume();
      const location = answer.headers.location ?? '';
      const clickId = location === '' ? null : new URL(location).searchParams.get('tandem_click');
      resolve({ status: answer.statusCode!, headers: answer.headers, location, clickId });
    });
    request.on('error', reject).end();
  });
}

/** Follows until the click was stored in time for its id to be told: on a busy machine the first may be late. */
async function click(token: string): ReturnType<typeof follow> {
  let answer = await follow(token);
  for (let tries = 0; answer.clickId === null && tries < 50; tries += 1) answer = await follow(token);
  return answer;
}

async function clicksOn({ id }: Link): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    'select id from touches where link_id = $1 order by id',
    [id],
  );
  return rows.map((row) => row.id);
}

describe('a link', () => {
  it('is made by the issuer and leads to its target', async () => {
    const link = await makeLink();
    expect(link).toMatchObject({
      ...{ url: `https://go.example/t/${link.token}`, qr: `/v1/links/${link.id}/qr.svg` },
      ...{ targetUrl: TARGET, placementId, label: null },
    });
    const { status, location, clickId, headers } = await click(link.token);
    expect([status, location]).toEqual([
      302,
      `https://shop.example/promo?a=%20b&tandem_click=${clickId}#top`,
    ]);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  });

  it('goes to the stored target whatever the request says', async () => {
    const { token } = await makeLink();
    const { location } = await follow(`${token}?url=https://evil.example&targetUrl=//evil.example`, {
      headers: { ...visitor(), 'x-forwarded-host': 'evil.example' },
    });
    expect(new URL(location).host).toBe('shop.example');
  });

  it.each(['javascript:alert(1)', '/promo', 'ftp://shop.example', 'https://a:b@shop.example'])(
    'to %s is refused',
    async (targetUrl) => {
      const answer = await cafe.marketer.post(`/v1/placements/${placementId}/links`, { targetUrl });
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/targetUrl' }] } });
    },
  );

  it('belongs to the issuer: the redeemer may not, and strangers see nothing', async () => {
    const { id } = await makeLink();
    const paths = [`/v1/placements/${placementId}/links`, `/v1/links/${id}/qr.svg`];
    for (const path of paths) {
      expect((await gym.marketer.get(path)).status).toBe(403);
      expect((await stranger.marketer.get(path)).status).toBe(404);
    }
    const body = { targetUrl: TARGET };
    expect((await gym.marketer.post(paths[0]!, body)).status).toBe(403);
    expect((await cafe.pos.post(paths[0]!, body)).status).toBe(403);
  });

  it('waits for the approval of all participants', async () => {
    const draft = await buildCampaign(app.operator, { issuer: cafe, redeemer: cafe, approve: false });
    const pending = await placementOf(draft.offerIds[0]!, 'NOTYET');
    const answer = await cafe.marketer.post(`/v1/placements/${pending}/links`, { targetUrl: TARGET });
    expect(answer).toMatchObject({ status: 422, body: { code: 'campaign.not-approved' } });
  });

  it('is listed with the others of its placement, page by page', async () => {
    const made = [await makeLink(), await makeLink()];
    const path = `/v1/placements/${placementId}/links`;
    const { items } = await cafe.marketer.must<{ items: Link[] }>(200, cafe.marketer.get(path));
    expect(items.slice(-2)).toEqual(made);
    const page = await cafe.marketer.must<{ items: Link[]; nextCursor: string }>(
      200,
      cafe.marketer.get(`${path}?limit=1`),
    );
    expect(page.items).toEqual(items.slice(0, 1));
    expect((await cafe.marketer.get(`${path}?limit=1&cursor=${page.nextCursor}`)).body).toMatchObject({
      items: [items[1]],
    });
  });

  it('has a QR code of its url', async () => {
    const { qr } = await makeLink();
    const { status, headers, text } = await cafe.marketer.get(qr);
    expect([status, headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    expect(text).toMatch(/^<svg viewBox="0 0 \d+ \d+"[\s\S]*<\/svg>\s*$/);
    expect((await cafe.marketer.get((await makeLink()).qr)).text).not.toBe(text);
  });

  it('that does not exist is a problem document', async () => {
    const answer = await fetch(`${app.url}/t/nosuchtoken1`, { redirect: 'manual' });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});

describe('a click', () => {
  it('is a touch of the placement, stored before anybody hears its id', async () => {
    const link = await makeLink();
    const { clickId } = await click(link.token);
    const { rows } = await client.query('select * from touches where id = $1', [clickId]);
    expect(rows).toMatchObject([
      {
        ...{ kind: 'click', placement_id: placementId, offer_id: offerId, link_id: link.id },
        ...{ redeemer_partner_id: gym.id, poster_partner_id: cafe.id, external_id: null, match_id: null },
      },
    ]);
  });

  it('is not counted for a HEAD, a browser that fetches ahead, or a programme; they are sent on all the same', async () => {
    const link = await makeLink();
    const answers = [
      await follow(link.token, { method: 'HEAD' }),
      await follow(link.token, { headers: { ...visitor(), 'sec-purpose': 'prefetch' } }),
      await follow(link.token, { headers: { ...visitor(), 'user-agent': 'WhatsApp/2.23' } }),
    ];
    expect(answers.map(({ status, location }) => [status, location])).toEqual(
      Array.from({ length: 3 }, () => [302, TARGET]),
    );
    expect(await clicksOn(link)).toEqual([]);
  });

  it('of one address counts sixty times a minute; the rest goes on uncounted, and a metric says so', async () => {
    const link = await makeLink();
    const headers = visitor();
    // Two minutes may be touched, so more than twice the limit is sent.
    const answers = await Promise.all(Array.from({ length: 130 }, () => follow(link.token, { headers })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([302]));
    await eventually(async () => (await clicksOn(link)).length >= 60, 30_000);
    expect((await clicksOn(link)).length).toBeLessThanOrEqual(120);
    const { text } = await app.operator.get('/metrics');
    const limited = Number(/tandem_clicks_total\{outcome="address-limit"\} (\d+)/.exec(text)?.[1]);
    expect(limited).toBeGreaterThanOrEqual(10);
    expect((await click(link.token)).clickId).not.toBeNull();
  });

  it('comes once each when many follow at the same time', async () => {
    const link = await makeLink();
    const answers = await Promise.all(Array.from({ length: 200 }, () => follow(link.token)));
    const heard = answers.flatMap(({ clickId }) => clickId ?? []);
    expect(new Set(heard).size).toBe(heard.length);
    await eventually(async () => (await clicksOn(link)).length === 200, 30_000);
    expect(await clicksOn(link)).toEqual(expect.arrayContaining(heard));
  });

  it('does not make the customer wait for a database that does not answer, and is stored when it does again', async () => {
    const link = await makeLink();
    await click(link.token);
    const before = (await clicksOn(link)).length;
    await client.query('begin');
    await client.query('lock table touches in access exclusive mode');
    const { status, location } = await follow(link.token);
    await client.query('commit');
    expect([status, location]).toEqual([302, TARGET]);
    await eventually(async () => (await clicksOn(link)).length > before, 30_000);
  });
});
