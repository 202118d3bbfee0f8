import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { pageRequest } from '../platform/http/page.js';
import { pageQuery, type PageQuery, uuid } from '../platform/http/schemas.js';
import {
  addChannelRequest,
  type AddChannelRequest,
  channelPageResponse,
  type ChannelPageResponse,
  channelResponse,
  type ChannelResponse,
  toChannelPage,
  toChannelResponse,
} from './channels.dto.js';
import { ChannelsService } from './channels.service.js';

@ApiTags('partners')
@Controller('v1/partners/:id/channels')
export class ChannelsController {
  constructor(private readonly channels: ChannelsService) {}

  @Post()
  @Allow('operator', 'admin')
  @ApiOperation({ summary: 'Add a channel to a partner' })
  @ApiCreatedResponse({ standardSchema: channelResponse })
  async add(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) partnerId: string,
    @Body({ schema: addChannelRequest }) body: AddChannelRequest,
  ): Promise<ChannelResponse> {
    return toChannelResponse(await this.channels.add(principal, partnerId, body));
  }

  @Get()
  @Allow('operator', 'admin', 'marketer', 'finance', 'pos')
  @ApiOperation({ summary: 'List the channels of a partner' })
  @ApiOkResponse({ standardSchema: channelPageResponse })
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) partnerId: string,
    @Query({ schema: pageQuery }) query: PageQuery,
  ): Promise<ChannelPageResponse> {
    return toChannelPage(await this.channels.list(principal, partnerId, pageRequest(query)));
  }
}
