import type { Created, IssuedKey } from './api-answers.js';
import type { ApiClient } from './api-client.js';
import { type DemoNotebook, KEY_ROLES, type KeyName } from './demo-notes.js';
import {
  type ChannelName,
  CHANNEL_NAMES,
  CHANNELS,
  CURRENCY,
  type PartnerName,
  PARTNER_NAMES,
  PARTNERS,
  TIME_ZONE,
} from './demo-story.js';

type PartnerIds = Readonly<Record<PartnerName, string>>;

/** The ids that the service gave to what the story names. */
export interface PartnersInPlace {
  readonly partnerIds: PartnerIds;
  readonly channelIds: Readonly<Record<ChannelName, string>>;
}

/** Adds the partners, their channels and keys, or finds them when an earlier start has added them. */
export async function setUpPartners(operator: ApiClient, notebook: DemoNotebook): Promise<PartnersInPlace> {
  const partnerIds = await createEach(PARTNER_NAMES, (partner) => {
    const { name, industry, priceSegment } = PARTNERS[partner];
    const home = { country: 'DE', currency: CURRENCY, timeZone: TIME_ZONE };
    return operator.post(
      '/v1/partners',
      { name, ...home, industry, priceSegment },
      `demo/partner/${partner}`,
    );
  });
  const channelIds = await createEach(CHANNEL_NAMES, (channel) => {
    const { partner, kind, name, marginRate } = CHANNELS[channel];
    const path = `/v1/partners/${partnerIds[partner]}/channels`;
    return operator.post(path, { kind, name, marginRate }, `demo/channel/${channel}`);
  });
  await issueKeys(operator, partnerIds, notebook);
  return { partnerIds, channelIds };
}

/** A key is shown once, even to its Idempotency-Key: it is the notebook that makes this repeatable. */
async function issueKeys(operator: ApiClient, partnerIds: PartnerIds, notebook: DemoNotebook): Promise<void> {
  for (const partner of PARTNER_NAMES) {
    for (const role of KEY_ROLES) {
      const name: KeyName = `${partner} ${role}`;
      if (notebook.current.keys?.[name]) continue;
      const path = `/v1/partners/${partnerIds[partner]}/api-keys`;
      const { key } = await operator.post<IssuedKey>(path, { role, label: `demo ${role}` });
      notebook.change({ keys: { ...notebook.current.keys, [name]: key } });
    }
  }
}

/** One after the other, so that lists show them in the order of the story. */
async function createEach<Name extends string>(
  names: readonly Name[],
  create: (name: Name) => Promise<Created>,
): Promise<Record<Name, string>> {
  const ids: [Name, string][] = [];
  for (const name of names) ids.push([name, (await create(name)).id]);
  return Object.fromEntries(ids) as Record<Name, string>;
}
