// Legal transitions are data: a map from each state to the states it may go to. The same map serves
// the code, the tests (every pair, legal or not) and the guards in SQL (`WHERE status = ANY (…)`).

export interface StateMachine<State extends string> {
  readonly states: readonly State[];
  /** True if `from` may become `to`. */
  allows(from: State, to: State): boolean;
  /** True if nothing can follow. */
  isTerminal(state: State): boolean;
  /** The states from which `to` can be reached in one step: the guard of an UPDATE. */
  sourcesOf(to: State): readonly State[];
}

/** Builds a machine from its table of transitions; a state with an empty list is terminal. */
export function stateMachine<State extends string>(
  transitions: Readonly<Record<State, readonly State[]>>,
): StateMachine<State> {
  const states = Object.keys(transitions) as State[];
  return {
    states,
    allows: (from, to) => transitions[from].includes(to),
    isTerminal: (state) => transitions[state].length === 0,
    sourcesOf: (to) => states.filter((from) => transitions[from].includes(to)),
  };
}
