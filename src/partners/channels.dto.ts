import { z } from 'zod';
import type { Page } from '../platform/http/page.js';
import { instantResponse, pageResponse, text, timeZone } from '../platform/http/schemas.js';
import type { ChannelRecord } from './channel.repository.js';
import { CHANNEL_KINDS } from './domain/channel-kind.js';

const marginRate = () =>
  z
    .string()
    .regex(
      /^(?:0(?:\.\d{1,6})?|1(?:\.0{1,6})?)$/,
      'must be a decimal from "0" to "1" with at most six places',
    )
    .describe('Profit as a share of revenue, used where a receipt states no cost of goods')
    .meta({ examples: ['0.20'] });

export const addChannelRequest = z
  .strictObject({
    kind: z.enum(CHANNEL_KINDS),
    name: text(200),
    externalRef: text(100).nullable().default(null),
    timeZone: timeZone().nullable().default(null),
    marginRate: marginRate().nullable().default(null),
  })
  .meta({ id: 'AddChannel' });
export type AddChannelRequest = z.infer<typeof addChannelRequest>;

export const channelResponse = z
  .object({
    id: z.uuid(),
    partnerId: z.uuid(),
    kind: z.enum(CHANNEL_KINDS),
    name: z.string(),
    externalRef: z.string().nullable(),
    timeZone: z.string().describe("The partner's, unless the channel has its own"),
    marginRate: z.string().nullable(),
    createdAt: instantResponse(),
    clockSkewSeconds: z
      .int()
      .nullable()
      .describe(
        "How far the till's clock is ahead, negative when behind; null when it is fine or nobody knows",
      ),
    clockSkewSeenAt: instantResponse()
      .nullable()
      .describe('When a post last said so; a day later it is forgotten'),
  })
  .meta({ id: 'Channel' });
export type ChannelResponse = z.infer<typeof channelResponse>;

export const channelPageResponse = pageResponse(channelResponse).meta({ id: 'ChannelPage' });
export type ChannelPageResponse = z.infer<typeof channelPageResponse>;

export function toChannelResponse(channel: ChannelRecord): ChannelResponse {
  return {
    ...channel,
    marginRate: shortDecimal(channel.marginRate),
    createdAt: channel.createdAt.toISOString(),
    clockSkewSeconds: channel.clockSkewSeconds === null ? null : Number(channel.clockSkewSeconds),
    clockSkewSeenAt: channel.clockSkewSeenAt?.toISOString() ?? null,
  };
}

export function toChannelPage(page: Page<ChannelRecord>): ChannelPageResponse {
  return { items: page.items.map(toChannelResponse), nextCursor: page.nextCursor };
}

/** "0.200000" is stored, "0.20" is read: whole percents are the rule. */
function shortDecimal(sixPlaces: string | null): string | null {
  return sixPlaces?.replace(/0{1,4}$/, '') ?? null;
}
