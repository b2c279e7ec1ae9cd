// A random scenario: users at work (users.ts), gateways that are killed and started again, a server
// that is restarted, a clock that is set, messages that are lost. Then everything is left in peace,
// and must come to an end.

import { Simulation } from "./simulation.ts";
import { queue, randomWorkflow, userAction } from "./users.ts";
import { noFaults } from "./world.ts";

/**
 * Runs one seed from start to peaceful end; what a checker found is thrown with the way to replay
 * it.
 */
export async function runSeed(seed: number): Promise<Simulation> {
  const sim = new Simulation(seed);
  try {
    await play(sim);
    return sim;
  } catch (error) {
    const replay = `seed ${seed} fails; replay with: SEED=${seed} npx vitest run test/sim`;
    const last = sim.world.trace().join("\n");
    throw new Error(`${replay}\n${String(error)}\n${last}`, { cause: error });
  }
}

async function play(sim: Simulation): Promise<void> {
  const { world } = sim;
  const trouble = world.chance(0.8);
  if (trouble) world.faults = { refused: 0.01, answerLost: 0.02, slow: 0.03 };
  sim.database.tables.queues.set(queue, 2);
  for (let n = 1 + world.below(4); n > 0; n--) sim.startGateway();
  for (let n = 2 + world.below(4); n > 0; n--) sim.create(randomWorkflow(world, `w${n}`));
  await sim.run(12_000, () => mischief(sim, trouble));
  world.faults = noFaults;
  while (sim.gateways.length < 2) sim.startGateway();
  await sim.run(14_000);
  sim.checkers.nothingStandsStill(10_000);
  sim.noMoreSlots();
  const { instances, backfills } = sim.database.tables;
  const open = () =>
    instances.size > 0 || [...backfills.values()].some((backfill) => !backfill.finished);
  for (let n = 0; n < 120 && open(); n++) await sim.run(5_000);
  sim.checkers.end();
}

function mischief(sim: Simulation, trouble: boolean): void {
  const { world } = sim;
  if (world.chance(0.03)) userAction(sim);
  if (!trouble) return;
  const victim = sim.gateways[world.below(Math.max(1, sim.gateways.length))];
  if (victim !== undefined && world.chance(0.002)) sim.killGateway(victim);
  if (sim.gateways.length < 4 && world.chance(0.004)) sim.startGateway();
  if (world.chance(0.0005)) world.jump(world.below(12_000));
  if (world.chance(0.001)) world.stepClock(world.below(10_000) - 6000);
  const restart = sim.database.hasTail ? 0.004 : 0.0005;
  if (world.chance(restart)) sim.restartServer(world.below(3000), world.chance(0.7));
}
