// The GatewayError that a function throws; anything else it throws, and nothing, fails the test.

import { expect } from "vitest";
import { GatewayError } from "../../src/common/gateway-error.ts";

export function errorOf(run: () => unknown): GatewayError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayError);
    return error as GatewayError;
  }
  throw new Error("nothing was thrown");
}
