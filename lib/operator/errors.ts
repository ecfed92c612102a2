import { defineProblems } from "../vault/http/problem";

/** The closed list of errors of the operator's page; see docs/errors.md. */
export const OPERATOR_PROBLEMS = {
  person_not_found: { status: 404, detail: "Nobody has an account here with this e-mail address or id." },
} as const;

/** Builds a listed error to throw. */
export const operatorProblem = defineProblems(OPERATOR_PROBLEMS);
