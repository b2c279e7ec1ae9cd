// A program that embeds Sluice, and a gateway on the same database, to which statements are sent.

import { type EmbeddedSluice, type OpenOptions, openSluice } from "../../src/program/index.ts";
import { type GatewayWorld, openGatewayWorld } from "../tasks/gateway-world.ts";

export interface ProgramWorld extends GatewayWorld {
  readonly sluice: EmbeddedSluice;
  /** Another program on the same database. */
  open(parts?: Partial<OpenOptions>): Promise<EmbeddedSluice>;
}

export async function openProgramWorld(): Promise<ProgramWorld> {
  const world = await openGatewayWorld();
  const opened: EmbeddedSluice[] = [];
  const open = async (parts: Partial<OpenOptions> = {}) => {
    const sluice = await openSluice({ databaseUrl: world.db.url, ...parts });
    opened.push(sluice);
    return sluice;
  };
  return {
    ...world,
    sluice: await open(),
    open,
    async close() {
      for (const sluice of opened) await sluice.close();
      await world.close();
    },
  };
}
