import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiFoundResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Public } from '../platform/auth/allow.decorator.js';
import { FollowLinkService } from './follow-link.service.js';

/** Each follower is a click of its own, and the target learns nothing but what its own address says. */
const HEADERS = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };

@ApiTags('touches')
@Controller('t')
@Public()
export class ClicksController {
  constructor(private readonly links: FollowLinkService) {}

  @Get(':token')
  @ApiSecurity({})
  @ApiOperation({
    summary: 'Follow a link: sends the customer on and counts the click',
    description:
      'The target hears `tandem_click=<id>`, which a redemption may name as `clickId`. Without it when the click was not counted: ' +
      'a HEAD, a browser that fetches ahead, a programme, too many from one address or on one link, a database that is slow.',
  })
  @ApiFoundResponse({ description: 'To the target of the link' })
  async follow(
    @Param('token', { schema: z.string().regex(/^[\w-]{1,64}$/) }) token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { method, headers, ip: address } = request;
    const target = await this.links.follow(token, { method, headers, address });
    await reply.headers(HEADERS).redirect(target, 302);
  }
}
