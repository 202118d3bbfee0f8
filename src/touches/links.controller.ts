import { Body, Controller, Get, Header, Param, Post, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { pageRequest } from '../platform/http/page.js';
import { pageQuery, type PageQuery, uuid } from '../platform/http/schemas.js';
import { drawQr } from './draw-qr.js';
import {
  linkPage,
  type LinkPage,
  linkRequest,
  type LinkRequestBody,
  linkResponse,
  type LinkResponse,
  toLinkPage,
  toLinkResponse,
  toLinkUrl,
} from './links.dto.js';
import { LinksService } from './links.service.js';
import { PublicOrigin } from './public-origin.js';

@ApiTags('touches')
@Controller('v1')
@Allow('operator', 'admin', 'marketer')
export class LinksController {
  constructor(
    private readonly links: LinksService,
    private readonly origin: PublicOrigin,
  ) {}

  @Post('placements/:id/links')
  @ApiOperation({
    summary: 'Make a link from a placement to a page; whoever follows it is counted as a click',
    description: 'For the issuer, once every participant has approved the campaign. A link is never changed.',
  })
  @ApiCreatedResponse({ standardSchema: linkResponse })
  async create(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) placementId: string,
    @Body({ schema: linkRequest }) body: LinkRequestBody,
    @Req() request: FastifyRequest,
  ): Promise<LinkResponse> {
    return toLinkResponse(await this.links.create(principal, placementId, body), this.origin.of(request));
  }

  @Get('placements/:id/links')
  @ApiOperation({ summary: 'List the links of a placement, for its issuer' })
  @ApiOkResponse({ standardSchema: linkPage })
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) placementId: string,
    @Query({ schema: pageQuery }) query: PageQuery,
    @Req() request: FastifyRequest,
  ): Promise<LinkPage> {
    const page = await this.links.list(principal, placementId, pageRequest(query));
    return toLinkPage(page, this.origin.of(request));
  }

  @Get('links/:id/qr.svg')
  @Header('cache-control', 'private, max-age=86400')
  @ApiOperation({ summary: 'The QR code of a link, for print' })
  @ApiProduces('image/svg+xml')
  @ApiOkResponse({ schema: { type: 'string' } })
  async qr(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
    @Req() request: FastifyRequest,
  ): Promise<StreamableFile> {
    const url = toLinkUrl(await this.links.find(principal, id), this.origin.of(request));
    return new StreamableFile(Buffer.from(drawQr(url)), { type: 'image/svg+xml' });
  }
}
