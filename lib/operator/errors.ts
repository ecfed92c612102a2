import { defineProblems } from "../vault/http/problem";

/** The closed list of errors of the operator's page; see docs/errors.md. */
export const OPERATOR_PROBLEMS = {
  person_not_found: { status: 404, detail: "No account has this e-mail address or id. Check the spelling." },
} as const;

/** Builds a listed error to throw. */
export const operatorProblem = defineProblems(OPERATOR_PROBLEMS);
