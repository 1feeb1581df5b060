using Tangent;
using Tangent.Access;
using Tangent.Analyse;
using Tangent.Cli;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Mail;
using Tangent.Map;
using Tangent.Measure;
using Tangent.Operate;
using Tangent.Unify;
using Tangent.Web;

return await CommandLine.RunAsync(args);

internal partial class Program
{
    /// <summary>Composes the application: every part and every stage adds its services and maps its addresses here and nowhere else.</summary>
    public static WebApplication Build(ServerOptions options, DataFolder folder)
    {
        var builder = WebHost.CreateBuilder(options);
        builder.AddData(folder);
        builder.AddWeb();
        builder.AddAccess();
        builder.AddMail();
        builder.AddOperate();
        builder.AddMap();
        builder.AddCollect();
        builder.AddUnify();
        builder.AddMeasure();
        builder.AddAnalyse();

        var app = builder.Build();
        app.UseWeb();
        app.UseData();
        app.UseAccess();
        app.UseMail();
        app.UseOperate();
        app.UseMap();
        app.UseCollect();
        app.UseUnify();
        app.UseMeasure();
        app.UseAnalyse();
        app.MakeEndpointsOnce();
        return app;
    }
}
