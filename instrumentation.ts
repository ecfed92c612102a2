/**
 * Runs once when a server starts, before the first request. What is wrong with the configuration is said
 * here, to the operator, and not at the first customer's request.
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { tameRequests } = await import("./lib/requests");
  tameRequests();
  const { checkConfiguration } = await import("./lib/startup");
  await checkConfiguration();
}
