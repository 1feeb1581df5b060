using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Tangent.Data;

/// <summary>What the company's settings come to; values that cannot work keep the server from starting.</summary>
internal sealed class ConfigurationHealth(IOptionsMonitor<CompanyOptions> company) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var options = company.CurrentValue;
        return Task.FromResult(HealthCheckResult.Healthy(
            $"Days are days of {options.TimeZone}; values are summed in {options.ReportingCurrency}, with rates for {string.Join(", ", options.Rates.Keys.Order(StringComparer.Ordinal))}."));
    }
}
