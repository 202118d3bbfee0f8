import { Body, Controller, Get, Headers, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { etag, expectedRevision } from '../platform/http/etag.js';
import { pageRequest } from '../platform/http/page.js';
import { pageQuery, type PageQuery, uuid } from '../platform/http/schemas.js';
import {
  changePartnerRequest,
  type ChangePartnerRequest,
  createPartnerRequest,
  type CreatePartnerRequest,
  partnerPageResponse,
  type PartnerPageResponse,
  partnerResponse,
  type PartnerResponse,
  toPartnerPage,
  toPartnerResponse,
} from './partners.dto.js';
import { PartnersService } from './partners.service.js';

@ApiTags('partners')
@Controller('v1/partners')
export class PartnersController {
  constructor(private readonly partners: PartnersService) {}

  @Post()
  @Allow('operator')
  @ApiOperation({ summary: 'Add a partner' })
  @ApiCreatedResponse({ standardSchema: partnerResponse })
  async create(
    @Body({ schema: createPartnerRequest }) body: CreatePartnerRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PartnerResponse> {
    const partner = await this.partners.create(body);
    void reply.header('etag', etag(partner.version));
    return toPartnerResponse(partner);
  }

  @Get()
  @Allow('operator')
  @ApiOperation({ summary: 'List the partners' })
  @ApiOkResponse({ standardSchema: partnerPageResponse })
  async list(@Query({ schema: pageQuery }) query: PageQuery): Promise<PartnerPageResponse> {
    return toPartnerPage(await this.partners.list(pageRequest(query)));
  }

  @Get(':id')
  @Allow('operator', 'admin', 'marketer', 'finance', 'pos')
  @ApiOperation({ summary: 'Read a partner; its own keys may too' })
  @ApiOkResponse({ standardSchema: partnerResponse })
  async get(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PartnerResponse> {
    const partner = await this.partners.get(principal, id);
    void reply.header('etag', etag(partner.version));
    return toPartnerResponse(partner);
  }

  @Patch(':id')
  @Allow('operator')
  @ApiOperation({ summary: 'Change a partner; an absent field stays, null clears' })
  @ApiHeader({ name: 'If-Match', required: true, description: 'The ETag of the state that is being changed' })
  @ApiOkResponse({ standardSchema: partnerResponse })
  async change(
    @Param('id', { schema: uuid() }) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: changePartnerRequest }) body: ChangePartnerRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PartnerResponse> {
    const partner = await this.partners.change(id, expectedRevision(ifMatch), body);
    void reply.header('etag', etag(partner.version));
    return toPartnerResponse(partner);
  }
}
