using Microsoft.AspNetCore.Components;

namespace Tangent.Web;

/// <summary>Base of every page and fragment: it gets a model and injects nothing.</summary>
public abstract class View<TModel> : ComponentBase
{
    [Parameter, EditorRequired]
    public TModel Model { get; set; } = default!;

    [CascadingParameter]
    public PageContext Page { get; set; } = default!;
}
