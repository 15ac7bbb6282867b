// The card's logic "may have X, not Y", by the server's own rules: they come with the day as data.

function holds({ field, test, value }, answers) {
  const answer = answers[field] ?? null;
  if (test === "missing") return answer === null;
  if (test === "yes") return answer === true;
  if (answer === null) return false;
  return test === "from" ? answer >= value : answer < value;
}

// { method code: null when it may be given, else { finding, advice } }
export function verdicts(rules, methods, answers) {
  const broken = rules.filter((rule) => rule.any_of.some((condition) => holds(condition, answers)));
  return Object.fromEntries(methods.map((method) => {
    const rule = broken.find((one) => one.stops.includes(method.kind));
    return [method.code, rule ? { finding: rule.finding, advice: rule.advice } : null];
  }));
}
